-- 0002_drop_person_name_and_add_person_full_name (backward)
ALTER TABLE `person` ADD COLUMN `name` VARCHAR(80);
UPDATE `person` SET `name` = '' WHERE `name` IS NULL;
ALTER TABLE `person` MODIFY `name` VARCHAR(80) NOT NULL;
ALTER TABLE `person` DROP COLUMN `full_name`;
