-- 0002_add_person_code
-- stops if person has more than one row (no value for code is given)
ALTER TABLE `person` ADD COLUMN `code` VARCHAR(255) NOT NULL DEFAULT 'x';
ALTER TABLE `person` ALTER COLUMN `code` DROP DEFAULT;
CREATE UNIQUE INDEX `person_code` ON `person` (`code`);
