SELECT count(*) = 2 FROM book WHERE country = 'uk' AND author_id = 1;
SELECT count(*) = 2 FROM book WHERE country IS NULL AND title IN ('c', 'd');
