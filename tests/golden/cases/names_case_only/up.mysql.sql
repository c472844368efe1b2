-- 0002_rename_person_to_person_and_more
RENAME TABLE `Person` TO `person`;
ALTER TABLE `person` RENAME COLUMN `Name` TO `name`;
ALTER TABLE `person` RENAME INDEX `person_Name` TO `person_name`;
