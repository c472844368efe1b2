INSERT INTO person (id, name, team) VALUES (1, 'Ada', 1), (2, 'Ada', 1), (3, 'Bob', NULL), (4, 'Bob', NULL);
