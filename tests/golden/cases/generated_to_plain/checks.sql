SELECT count(*) = 2 FROM item WHERE twice = price * 2;
