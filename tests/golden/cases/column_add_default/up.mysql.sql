-- 0002_add_person_locale_and_more
ALTER TABLE `person` ADD COLUMN `locale` VARCHAR(5) NOT NULL DEFAULT 'en';
ALTER TABLE `person` ALTER COLUMN `locale` DROP DEFAULT;
ALTER TABLE `person` ADD COLUMN `active` BOOL NOT NULL DEFAULT 1;
ALTER TABLE `person` ALTER COLUMN `active` DROP DEFAULT;
ALTER TABLE `person` ADD COLUMN `rank` INTEGER NOT NULL DEFAULT -1;
ALTER TABLE `person` ALTER COLUMN `rank` DROP DEFAULT;
ALTER TABLE `person` ADD COLUMN `share` NUMERIC(6, 2) NOT NULL DEFAULT '0';
ALTER TABLE `person` ALTER COLUMN `share` DROP DEFAULT;
ALTER TABLE `person` ADD COLUMN `settings` JSON;
UPDATE `person` SET `settings` = '{}' WHERE `settings` IS NULL;
ALTER TABLE `person` MODIFY `settings` JSON NOT NULL;
ALTER TABLE `person` ADD COLUMN `quoted` TEXT;
UPDATE `person` SET `quoted` = 'it''s 100% \\ "so"' WHERE `quoted` IS NULL;
ALTER TABLE `person` MODIFY `quoted` TEXT NOT NULL;
