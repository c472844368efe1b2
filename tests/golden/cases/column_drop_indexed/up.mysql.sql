-- 0002_drop_person_fax
DROP INDEX `person_fax` ON `person`;
ALTER TABLE `person` DROP COLUMN `fax`;
