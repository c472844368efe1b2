SELECT count(*) = 2 FROM person WHERE created >= '2020' AND day >= '2020';
