INSERT INTO person (id, name, value) VALUES (1, 'n1', 9007199254740992);
INSERT INTO person (id, name, value) VALUES (2, 'n2', -7);
INSERT INTO person (id, name, value) VALUES (3, 'n3', 9007199254740993);
