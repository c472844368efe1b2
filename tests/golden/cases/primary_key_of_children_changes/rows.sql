INSERT INTO country (id, code) VALUES (3, 'IT'), (5, 'DE');
INSERT INTO city (country_id, name) VALUES ('IT', 'Rome');
