INSERT INTO person (name, email) VALUES ('Ada', 'a@b');
