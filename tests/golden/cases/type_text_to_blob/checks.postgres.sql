SELECT value = '\x5A6FC3AB' FROM person;
