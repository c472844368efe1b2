SELECT count(*) = 2 FROM person WHERE value IN (2, 3);
