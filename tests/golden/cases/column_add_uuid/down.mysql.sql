-- 0002_add_person_token (backward)
DROP INDEX `person_token` ON `person`;
ALTER TABLE `person` DROP COLUMN `token`;
