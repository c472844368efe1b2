-- 0002_rename_person_a_to_b_and_more
-- stops if two rows of person have the same c
DROP INDEX `person_b` ON `person`;
ALTER TABLE `person` DROP COLUMN `b`;
ALTER TABLE `person` RENAME COLUMN `a` TO `b`;
ALTER TABLE `person` RENAME COLUMN `c` TO `a`;
CREATE UNIQUE INDEX `person_a` ON `person` (`a`);
