INSERT INTO account (id, name, motto, seen) VALUES (1, 'Ada', 'on', 7), (2, 'Bob', 'off', NULL);
INSERT INTO profile (id, account_id) VALUES (10, 2), (11, 1);
