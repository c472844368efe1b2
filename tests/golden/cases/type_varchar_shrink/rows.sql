INSERT INTO person (id, name, value) VALUES (1, 'n1', 'a');
INSERT INTO person (id, name, value) VALUES (2, 'n2', '01234567890');
