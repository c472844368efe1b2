INSERT INTO person (name, first, second) VALUES ('Ada', 'one', 'two');
