-- 0002_drop_person_fax (backward)
ALTER TABLE `person` ADD COLUMN `fax` VARCHAR(255);
UPDATE `person` SET `fax` = '' WHERE `fax` IS NULL;
ALTER TABLE `person` MODIFY `fax` VARCHAR(255) NOT NULL;
