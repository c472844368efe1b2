-- 0002_rename_person_second_to_first_and_more (backward)
ALTER TABLE `person` RENAME INDEX `person_second` TO `person_first`;
ALTER TABLE `person` RENAME COLUMN `second` TO `_peewee_mig_first`;
ALTER TABLE `person` RENAME COLUMN `first` TO `second`;
ALTER TABLE `person` RENAME COLUMN `_peewee_mig_first` TO `first`;
