-- 0002_drop_person_name_and_add_person_full_name
ALTER TABLE `person` ADD COLUMN `full_name` VARCHAR(80) NOT NULL DEFAULT '?';
ALTER TABLE `person` ALTER COLUMN `full_name` DROP DEFAULT;
ALTER TABLE `person` DROP COLUMN `name`;
