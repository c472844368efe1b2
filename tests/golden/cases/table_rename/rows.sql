INSERT INTO run (id, label, parent_id) VALUES (1, 'a', NULL), (2, 'b', 1);
INSERT INTO step (run_id, position) VALUES (1, 1), (1, 2), (2, 1);
