SELECT count(DISTINCT token) = 2 AND min(length(token)) >= 32 FROM person;
