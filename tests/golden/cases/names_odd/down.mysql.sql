-- 0002_add_table_with_all_groe_and_more (backward)
-- migrate stops if tâble `with` 'all'.a "quoted" name has texts of more than 20 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `tâble ``with`` 'all'` WHERE char_length(`a "quoted" name`) > 20;
-- assumes that the foreign key of tâble `with` 'all' (a`b) is named tâble `with` 'all'_ibfk_1
ALTER TABLE `tâble ``with`` 'all'` DROP FOREIGN KEY `tâble ``with`` 'all'_ibfk_1`;
DROP INDEX `odd_ab` ON `tâble ``with`` 'all'`;
DROP INDEX `odd_aquotedname` ON `tâble ``with`` 'all'`;
ALTER TABLE `tâble ``with`` 'all'` DROP COLUMN `a``b`;
ALTER TABLE `tâble ``with`` 'all'` DROP COLUMN `größe; -- 東京`;
ALTER TABLE `tâble ``with`` 'all'` MODIFY `100 % of %s` INTEGER;
ALTER TABLE `tâble ``with`` 'all'` MODIFY `a "quoted" name` VARCHAR(20) NOT NULL;
CREATE INDEX `odd_aquotedname` ON `tâble ``with`` 'all'` (`a "quoted" name`);
