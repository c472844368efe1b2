-- 0002_add_person_code (backward)
DROP INDEX `person_code` ON `person`;
ALTER TABLE `person` DROP COLUMN `code`;
