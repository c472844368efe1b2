INSERT INTO rate (currency, day) VALUES ('EUR', '2024-01-01'), ('EUR', '2024-01-02');
