INSERT INTO item (id, price) VALUES (1, 3);
INSERT INTO item (id, price) VALUES (2, 2000);
