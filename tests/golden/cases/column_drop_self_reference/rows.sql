INSERT INTO person (id, name, boss_id) VALUES (1, 'Ada', NULL), (2, 'Bob', 1);
