SELECT typeof(value) = 'blob' AND value = X'5A6FC3AB' FROM person;
