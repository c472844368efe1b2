-- 0002_rename_new_to_old_and_more (backward)
ALTER TABLE `old` RENAME INDEX `old_size` TO `new_size`;
RENAME TABLE `old` TO `new`;
CREATE TABLE `old` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `text` TEXT NOT NULL
);
