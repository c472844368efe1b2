INSERT INTO country (code) VALUES ('IT'), ('DE');
INSERT INTO city (country_id) VALUES ('IT');
