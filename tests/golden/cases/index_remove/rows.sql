INSERT INTO person (name, team) VALUES ('Ada', 1), ('Ada', 1);
