-- 0002_rename_person_b_to_bb_and_more (backward)
-- migrate stops if person.bb has texts of more than 10 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE char_length(`bb`) > 10;
-- migrate stops if person.a has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `a` IS NOT NULL AND (`a` NOT BETWEEN -2147483648 AND 2147483647 OR `a` <> round(`a`));
ALTER TABLE `person` ADD COLUMN `c` TEXT;
-- assumes that the foreign key of person (boss_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
DROP INDEX `person_boss_id` ON `person`;
DROP INDEX `person_bb` ON `person`;
ALTER TABLE `person` DROP COLUMN `boss_id`;
ALTER TABLE `person` DROP COLUMN `d`;
ALTER TABLE `person` MODIFY `bb` VARCHAR(10) NOT NULL;
ALTER TABLE `person` MODIFY `a` INTEGER;
ALTER TABLE `person` RENAME COLUMN `bb` TO `b`;
CREATE INDEX `person_b` ON `person` (`b`);
