SELECT first = 'two' AND second = 'one' FROM person;
