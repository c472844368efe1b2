INSERT INTO person (name, team) VALUES ('Ada', 1), ('Bob', 1);
