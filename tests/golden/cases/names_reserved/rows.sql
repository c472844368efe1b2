INSERT INTO "group" ("order", "select") VALUES (1, NULL), (2, 'x');
