SELECT sum(value) = 16 AND max(typeof(value)) = 'null' OR sum(value) = 16 FROM person;
