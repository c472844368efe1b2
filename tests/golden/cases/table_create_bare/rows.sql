INSERT INTO person (id, name) VALUES (1, 'Ada'), (7, 'O''Hara 100%');
