-- 0002_drop_person_name_and_add_person_full_name (backward)
ALTER TABLE `person` ADD COLUMN `name` VARCHAR(80) NOT NULL DEFAULT '';
ALTER TABLE `person` ALTER COLUMN `name` DROP DEFAULT;
ALTER TABLE `person` DROP COLUMN `full_name`;
