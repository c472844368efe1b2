-- 0002_rename_new_to_old_and_more
DROP TABLE `old`;
RENAME TABLE `new` TO `old`;
ALTER TABLE `old` RENAME INDEX `new_size` TO `old_size`;
