SELECT count(*) = 1 FROM role WHERE name = 'mine';
SELECT count(*) = 4 FROM role;
SELECT count(*) = 1 FROM role AS r JOIN role AS p ON p.id = r.parent_id WHERE r.name = 'editor' AND p.name = 'author';
SELECT count(*) = 2 FROM rolepermission;
SELECT count(*) = 2 FROM person AS p JOIN role AS r ON r.id = p.role_id WHERE r.name IN ('mine', 'editor');
