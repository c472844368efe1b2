-- 0002_rename_person_second_to_first_and_more
ALTER TABLE `person` RENAME COLUMN `first` TO `_peewee_mig_first`;
ALTER TABLE `person` RENAME COLUMN `second` TO `first`;
ALTER TABLE `person` RENAME COLUMN `_peewee_mig_first` TO `second`;
ALTER TABLE `person` RENAME INDEX `person_first` TO `person_second`;
