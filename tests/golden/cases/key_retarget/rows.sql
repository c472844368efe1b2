INSERT INTO city (id, name) VALUES (1, 'Rome'), (2, 'Bonn');
INSERT INTO village (id, name) VALUES (1, 'Ens');
INSERT INTO person (name, home_id) VALUES ('Ada', 1), ('Bob', 2);
