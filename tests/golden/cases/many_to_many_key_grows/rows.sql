INSERT INTO person (id, name) VALUES (1, 'Ada'), (7, 'O''Hara 100%');
INSERT INTO role (id, name) VALUES (1, 'admin');
INSERT INTO person_role_through (person_id, role_id) VALUES (1, 1), (7, 1);
