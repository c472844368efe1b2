-- 0002_rename_person_a_to_b_and_more
-- migrate stops if two rows of person have the same c
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT `c` FROM `person` WHERE `c` IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
DROP INDEX `person_b` ON `person`;
ALTER TABLE `person` DROP COLUMN `b`;
ALTER TABLE `person` RENAME COLUMN `a` TO `b`;
ALTER TABLE `person` RENAME COLUMN `c` TO `a`;
CREATE UNIQUE INDEX `person_a` ON `person` (`a`);
