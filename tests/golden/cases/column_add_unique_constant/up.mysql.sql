-- 0002_add_person_code
-- stops if person has more than one row (no value for code is given)
ALTER TABLE `person` ADD COLUMN `code` VARCHAR(255);
UPDATE `person` SET `code` = 'x' WHERE `code` IS NULL;
ALTER TABLE `person` MODIFY `code` VARCHAR(255) NOT NULL;
CREATE UNIQUE INDEX `person_code` ON `person` (`code`);
