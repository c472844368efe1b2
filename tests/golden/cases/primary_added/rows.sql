INSERT INTO event (text) VALUES ('a'), ('a'), ('b');
