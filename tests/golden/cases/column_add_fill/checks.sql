SELECT count(*) = 2 FROM person WHERE country = 'DE';
