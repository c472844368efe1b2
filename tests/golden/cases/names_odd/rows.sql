INSERT INTO "tâble `with` 'all'" ("a ""quoted"" name", "100 % of %s") VALUES ('%s', NULL), ('''', 3);
