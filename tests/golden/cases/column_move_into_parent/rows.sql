INSERT INTO person (id, name) VALUES (1, 'Ada'), (2, 'Bob');
INSERT INTO detail (person_id, phone, note) VALUES (1, '555', 'x');
