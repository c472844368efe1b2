SELECT sum(value) = 6 FROM person;
