SELECT sum(value) = 16 FROM person;
