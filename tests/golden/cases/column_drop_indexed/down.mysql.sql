-- 0002_drop_person_fax (backward)
ALTER TABLE `person` ADD COLUMN `fax` VARCHAR(255);
CREATE INDEX `person_fax` ON `person` (`fax`);
