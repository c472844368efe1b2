INSERT INTO "Person" ("Name") VALUES ('Ada');
