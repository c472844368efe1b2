-- 0002_rename_second_to_first_and_more
RENAME TABLE `first` TO `_peewee_mig_first`;
RENAME TABLE `second` TO `first`;
RENAME TABLE `_peewee_mig_first` TO `second`;
ALTER TABLE `first` RENAME INDEX `second_first_id` TO `first_first_id`;
ALTER TABLE `first` RENAME INDEX `second_two` TO `first_two`;
ALTER TABLE `second` RENAME INDEX `first_one` TO `second_one`;
