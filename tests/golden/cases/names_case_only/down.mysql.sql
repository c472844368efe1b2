-- 0002_rename_person_to_person_and_more (backward)
ALTER TABLE `person` RENAME INDEX `person_name` TO `person_Name`;
ALTER TABLE `person` RENAME COLUMN `name` TO `Name`;
RENAME TABLE `person` TO `Person`;
