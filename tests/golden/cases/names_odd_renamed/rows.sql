INSERT INTO "tâble `with` 'all'" ("a ""quoted"" name") VALUES ('%s'), ('''');
