INSERT INTO owner (email, code) VALUES ('a@b.it', 'x');
INSERT INTO owner (email, code) VALUES ('c@d.it', 'y');
INSERT INTO pet (owner_id) VALUES ('c@d.it');
