INSERT INTO person (name, team) VALUES ('Ada', 1);
