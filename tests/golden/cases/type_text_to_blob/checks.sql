SELECT value = X'5A6FC3AB' FROM person;
