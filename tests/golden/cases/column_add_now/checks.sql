SELECT count(*) = 2 FROM person WHERE created >= '2020-01-01' AND day >= '2020-01-01';
