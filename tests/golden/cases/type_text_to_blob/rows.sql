INSERT INTO person (id, name, value) VALUES (1, 'n1', 'Zoë');
