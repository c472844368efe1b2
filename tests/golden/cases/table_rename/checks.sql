SELECT count(*) = 2 FROM step JOIN instance ON step.run_id = instance.id WHERE label = 'a';
