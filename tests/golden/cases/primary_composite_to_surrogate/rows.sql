INSERT INTO "grant" (person, role) VALUES (1, 1), (1, 2);
