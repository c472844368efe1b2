INSERT INTO country (code) VALUES ('IT');
INSERT INTO city (name) VALUES ('Rome');
