INSERT INTO person (id, name, value) VALUES (1, 'n1', 3.0);
INSERT INTO person (id, name, value) VALUES (2, 'n2', 1.5);
