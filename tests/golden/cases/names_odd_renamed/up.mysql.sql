-- 0002_rename_table_with_all_to_an_other_table_and_more
RENAME TABLE `tâble ``with`` 'all'` TO `an "other" table`;
ALTER TABLE `an "other" table` RENAME COLUMN `a "quoted" name` TO `50 % ``off```;
ALTER TABLE `an "other" table` RENAME INDEX `odd_aquotedname` TO `odd_50off`;
