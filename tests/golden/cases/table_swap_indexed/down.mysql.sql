-- 0002_rename_second_to_first_and_more (backward)
ALTER TABLE `first` RENAME INDEX `first_mark` TO `_peewee_mig_second_mark`;
ALTER TABLE `second` RENAME INDEX `second_mark` TO `first_mark`;
ALTER TABLE `first` RENAME INDEX `_peewee_mig_second_mark` TO `second_mark`;
RENAME TABLE `second` TO `_peewee_mig_first`;
RENAME TABLE `first` TO `second`;
RENAME TABLE `_peewee_mig_first` TO `first`;
