INSERT INTO "grant" (id, person, role) VALUES (1, 1, 1), (2, 1, 2), (3, 1, 2);
