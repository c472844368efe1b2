INSERT INTO person (id, name, value) VALUES (1, 'n1', 1.5);
INSERT INTO person (id, name, value) VALUES (2, 'n2', 99.99);
