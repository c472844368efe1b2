INSERT INTO person (id, name) VALUES (1, 'Ada'), (7, 'O''Hara 100%');
INSERT INTO album (id, owner_id, title) VALUES (1, 7, 'one');
INSERT INTO track (album_id) VALUES (1);
