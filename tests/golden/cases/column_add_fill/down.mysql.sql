-- 0002_add_person_country (backward)
ALTER TABLE `person` DROP COLUMN `country`;
