SELECT count(*) = 2 FROM person WHERE typeof(value) = 'integer';
