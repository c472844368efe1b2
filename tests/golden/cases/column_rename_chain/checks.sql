SELECT b = 1 FROM person;
