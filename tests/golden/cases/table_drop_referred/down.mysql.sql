-- 0002_drop_key_chair_desk_and_desk (backward)
-- stops if chair.desk has values (none can become a key)
CREATE TABLE `desk` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `room` TEXT NOT NULL
);
ALTER TABLE `chair` ADD FOREIGN KEY (`desk`) REFERENCES `desk` (`id`);
