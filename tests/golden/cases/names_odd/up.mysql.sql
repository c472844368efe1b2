-- 0002_add_table_with_all_groe_and_more
-- migrate stops if two rows of tâble `with` 'all' have the same a "quoted" name
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT `a "quoted" name` FROM `tâble ``with`` 'all'` WHERE `a "quoted" name` IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
DROP INDEX `odd_aquotedname` ON `tâble ``with`` 'all'`;
ALTER TABLE `tâble ``with`` 'all'` MODIFY `a "quoted" name` VARCHAR(40) NOT NULL;
UPDATE `tâble ``with`` 'all'` SET `100 % of %s` = 0 WHERE `100 % of %s` IS NULL;
ALTER TABLE `tâble ``with`` 'all'` MODIFY `100 % of %s` INTEGER NOT NULL;
ALTER TABLE `tâble ``with`` 'all'` ADD COLUMN `größe; -- 東京` TEXT;
UPDATE `tâble ``with`` 'all'` SET `größe; -- 東京` = '50 % – ''naïve'' \\' WHERE `größe; -- 東京` IS NULL;
ALTER TABLE `tâble ``with`` 'all'` MODIFY `größe; -- 東京` TEXT NOT NULL;
ALTER TABLE `tâble ``with`` 'all'` ADD COLUMN `a``b` INTEGER;
CREATE UNIQUE INDEX `odd_aquotedname` ON `tâble ``with`` 'all'` (`a "quoted" name`);
CREATE INDEX `odd_ab` ON `tâble ``with`` 'all'` (`a``b`);
ALTER TABLE `tâble ``with`` 'all'` ADD FOREIGN KEY (`a``b`) REFERENCES `tâble ``with`` 'all'` (`id`);
