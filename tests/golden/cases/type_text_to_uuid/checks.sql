SELECT count(*) = 2 FROM person WHERE value IN ('6ba7b8109dad11d180b400c04fd430c8', '6ba7b8109dad11d180b400c04fd430c9');
