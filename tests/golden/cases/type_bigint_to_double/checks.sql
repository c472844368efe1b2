SELECT count(*) = 2 FROM person WHERE value IN (9007199254740992.0, -7.0);
