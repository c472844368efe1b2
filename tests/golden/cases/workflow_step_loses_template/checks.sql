SELECT count(*) = 3 FROM task;
