INSERT INTO person (id, name, value) VALUES (1, 'n1', '6ba7b810-9dad-11d1-80b4-00c04fd430c8');
INSERT INTO person (id, name, value) VALUES (2, 'n2', '6BA7B8109DAD11D180B400C04FD430C9');
INSERT INTO person (id, name, value) VALUES (3, 'n3', 'no');
