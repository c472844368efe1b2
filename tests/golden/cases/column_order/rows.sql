INSERT INTO person (name, a, b) VALUES ('Ada', 1, 2);
