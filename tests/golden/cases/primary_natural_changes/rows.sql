INSERT INTO currency (code) VALUES ('EUR');
INSERT INTO rate (currency_id, day, value) VALUES ('EUR', '2024-01-01', 1.5), ('EUR', '2024-01-02', 1.25);
