INSERT INTO person (id, name, value) VALUES (1, 'n1', '2024-02-29 00:00:00');
INSERT INTO person (id, name, value) VALUES (2, 'n2', '2024-02-28 12:30:00');
