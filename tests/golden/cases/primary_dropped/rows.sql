INSERT INTO event (id, text) VALUES (4, 'a'), (9, 'a');
