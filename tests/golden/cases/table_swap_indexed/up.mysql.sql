-- 0002_rename_second_to_first_and_more
RENAME TABLE `first` TO `_peewee_mig_first`;
RENAME TABLE `second` TO `first`;
RENAME TABLE `_peewee_mig_first` TO `second`;
ALTER TABLE `first` RENAME INDEX `second_mark` TO `_peewee_mig_second_mark`;
ALTER TABLE `second` RENAME INDEX `first_mark` TO `second_mark`;
ALTER TABLE `first` RENAME INDEX `_peewee_mig_second_mark` TO `first_mark`;
