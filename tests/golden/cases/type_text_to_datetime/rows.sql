INSERT INTO person (id, name, value) VALUES (1, 'n1', '2024-02-29 12:30:00');
INSERT INTO person (id, name, value) VALUES (2, 'n2', '2023-02-29 12:30:00');
