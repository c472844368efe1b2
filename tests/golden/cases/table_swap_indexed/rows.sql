INSERT INTO first (mark) VALUES ('a');
INSERT INTO second (mark) VALUES (1);
INSERT INTO second (mark) VALUES (2);
