INSERT INTO old (text) VALUES ('gone');
INSERT INTO new (text, size) VALUES ('kept', 1);
