SELECT typeof(value) = 'text' FROM person WHERE id = 2;
