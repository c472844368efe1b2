-- 0002_rename_person_b_to_bb_and_more
-- migrate stops if two rows of person have the same b
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT `b` FROM `person` WHERE `b` IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
DROP INDEX `person_b` ON `person`;
ALTER TABLE `person` RENAME COLUMN `b` TO `bb`;
ALTER TABLE `person` MODIFY `a` BIGINT;
UPDATE `person` SET `a` = 0 WHERE `a` IS NULL;
ALTER TABLE `person` MODIFY `a` BIGINT NOT NULL;
ALTER TABLE `person` MODIFY `bb` VARCHAR(20) NOT NULL;
ALTER TABLE `person` ADD COLUMN `d` BOOL NOT NULL DEFAULT 0;
ALTER TABLE `person` ALTER COLUMN `d` DROP DEFAULT;
ALTER TABLE `person` ADD COLUMN `boss_id` INTEGER;
CREATE UNIQUE INDEX `person_bb` ON `person` (`bb`);
CREATE INDEX `person_boss_id` ON `person` (`boss_id`);
ALTER TABLE `person` ADD FOREIGN KEY (`boss_id`) REFERENCES `person` (`id`);
ALTER TABLE `person` DROP COLUMN `c`;
