INSERT INTO role (name) VALUES ('mine');
INSERT INTO person (name, role_id) SELECT 'Ada', id FROM role WHERE name = 'mine';
INSERT INTO person (name, role_id) SELECT 'Bob', id FROM role WHERE name = 'editor';
