INSERT INTO person (name, a, b, c) VALUES ('Ada', NULL, 'x', 'gone'), ('Bob', 2, 'y', 'gone');
