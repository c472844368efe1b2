INSERT INTO person (id, name, value) VALUES (1, 'n1', '12');
INSERT INTO person (id, name, value) VALUES (2, 'n2', '-3');
INSERT INTO person (id, name, value) VALUES (3, 'n3', NULL);
INSERT INTO person (id, name, value) VALUES (4, 'n4', 'x');
