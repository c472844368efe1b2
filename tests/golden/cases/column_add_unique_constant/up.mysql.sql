-- 0002_add_person_code
-- migrate stops if person has more than one row, and all would get the same code
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT CASE WHEN count(*) > 1 THEN count(*) ELSE 0 END FROM `person`;
ALTER TABLE `person` ADD COLUMN `code` VARCHAR(255) NOT NULL DEFAULT 'x';
ALTER TABLE `person` ALTER COLUMN `code` DROP DEFAULT;
CREATE UNIQUE INDEX `person_code` ON `person` (`code`);
