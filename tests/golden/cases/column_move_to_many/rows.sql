INSERT INTO author (id, name, country) VALUES (1, 'Ada', 'uk'), (2, 'Bob', NULL), (3, 'Eve', 'fr');
INSERT INTO book (title, author_id) VALUES ('a', 1), ('b', 1), ('c', 2), ('d', NULL);
