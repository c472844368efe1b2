INSERT INTO country (id, number) VALUES (1, 1), (2, 49);
INSERT INTO city (country_id) VALUES (1);
