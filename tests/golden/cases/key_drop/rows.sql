INSERT INTO city (id, name) VALUES (4, 'Rome');
INSERT INTO person (id, name, city_id) VALUES (1, 'Ada', 4), (2, 'Bob', NULL);
