SELECT count(DISTINCT token) = 2 AND min(length(CAST(token AS CHAR(36)))) >= 32 FROM person;
