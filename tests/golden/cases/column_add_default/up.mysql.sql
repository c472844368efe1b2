-- 0002_add_person_locale_and_more
ALTER TABLE `person` ADD COLUMN `locale` VARCHAR(5);
UPDATE `person` SET `locale` = 'en' WHERE `locale` IS NULL;
ALTER TABLE `person` MODIFY `locale` VARCHAR(5) NOT NULL;
ALTER TABLE `person` ADD COLUMN `active` BOOL;
UPDATE `person` SET `active` = 1 WHERE `active` IS NULL;
ALTER TABLE `person` MODIFY `active` BOOL NOT NULL;
ALTER TABLE `person` ADD COLUMN `rank` INTEGER;
UPDATE `person` SET `rank` = -1 WHERE `rank` IS NULL;
ALTER TABLE `person` MODIFY `rank` INTEGER NOT NULL;
ALTER TABLE `person` ADD COLUMN `share` NUMERIC(6, 2);
UPDATE `person` SET `share` = '0' WHERE `share` IS NULL;
ALTER TABLE `person` MODIFY `share` NUMERIC(6, 2) NOT NULL;
ALTER TABLE `person` ADD COLUMN `settings` JSON;
UPDATE `person` SET `settings` = '{}' WHERE `settings` IS NULL;
ALTER TABLE `person` MODIFY `settings` JSON NOT NULL;
ALTER TABLE `person` ADD COLUMN `quoted` TEXT;
UPDATE `person` SET `quoted` = 'it''s 100% \\ "so"' WHERE `quoted` IS NULL;
ALTER TABLE `person` MODIFY `quoted` TEXT NOT NULL;
