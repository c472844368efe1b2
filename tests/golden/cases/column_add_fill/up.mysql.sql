-- 0002_add_person_country
ALTER TABLE `person` ADD COLUMN `country` CHAR(2) NOT NULL DEFAULT 'DE';
ALTER TABLE `person` ALTER COLUMN `country` DROP DEFAULT;
