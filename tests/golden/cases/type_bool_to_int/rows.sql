INSERT INTO person (id, name, value) VALUES (1, 'n1', TRUE);
INSERT INTO person (id, name, value) VALUES (2, 'n2', FALSE);
