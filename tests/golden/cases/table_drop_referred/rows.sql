INSERT INTO person (id, name) VALUES (1, 'Ada'), (7, 'O''Hara 100%');
INSERT INTO desk (id, room) VALUES (3, 'A');
INSERT INTO chair (desk, colour) VALUES (3, 'red'), (NULL, 'blue');
