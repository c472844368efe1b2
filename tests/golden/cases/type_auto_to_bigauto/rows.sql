INSERT INTO person (id, boss_id) VALUES (1, NULL), (2, 1);
INSERT INTO note (person_id, text) VALUES (2, 'x'), (2, 'y');
