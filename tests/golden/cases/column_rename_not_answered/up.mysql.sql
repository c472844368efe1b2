-- 0002_drop_person_name_and_add_person_full_name
ALTER TABLE `person` ADD COLUMN `full_name` VARCHAR(80);
UPDATE `person` SET `full_name` = '?' WHERE `full_name` IS NULL;
ALTER TABLE `person` MODIFY `full_name` VARCHAR(80) NOT NULL;
ALTER TABLE `person` DROP COLUMN `name`;
