INSERT INTO person (name, a, b, c) VALUES ('Ada', 1, 2, 3);
