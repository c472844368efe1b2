SELECT value = '-20' FROM person WHERE id = 2;
