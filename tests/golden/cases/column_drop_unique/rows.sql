INSERT INTO person (name, fax) VALUES ('Ada', '12'), ('Bob', NULL);
