SELECT count(*) = 1 FROM chair WHERE desk = 3;
