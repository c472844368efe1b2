-- 0002_drop_person_fax (backward)
ALTER TABLE `person` ADD COLUMN `fax` VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE `person` ALTER COLUMN `fax` DROP DEFAULT;
