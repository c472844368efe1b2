INSERT INTO person (id, name, value) VALUES (1, 'n1', '6ba7b8109dad11d180b400c04fd430c8');
