-- 0002_drop_key_chair_desk_and_desk (backward)
-- migrate stops if chair.desk has values (none can become a key)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `chair` WHERE `desk` IS NOT NULL;
CREATE TABLE `desk` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `room` TEXT NOT NULL
);
ALTER TABLE `chair` ADD FOREIGN KEY (`desk`) REFERENCES `desk` (`id`);
