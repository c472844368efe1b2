-- 0002_add_person_country
ALTER TABLE `person` ADD COLUMN `country` CHAR(2);
UPDATE `person` SET `country` = 'DE' WHERE `country` IS NULL;
ALTER TABLE `person` MODIFY `country` CHAR(2) NOT NULL;
