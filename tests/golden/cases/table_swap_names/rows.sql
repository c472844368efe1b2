INSERT INTO first (id, one) VALUES (5, 'x');
INSERT INTO second (two, first_id) VALUES (2, 5);
