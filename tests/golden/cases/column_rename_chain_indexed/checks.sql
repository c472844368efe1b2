SELECT b = 1 AND a = 3 FROM person;
