-- 0002_rename_second_to_first_and_more (backward)
ALTER TABLE `second` RENAME INDEX `second_one` TO `first_one`;
ALTER TABLE `first` RENAME INDEX `first_two` TO `second_two`;
ALTER TABLE `first` RENAME INDEX `first_first_id` TO `second_first_id`;
RENAME TABLE `second` TO `_peewee_mig_first`;
RENAME TABLE `first` TO `second`;
RENAME TABLE `_peewee_mig_first` TO `first`;
