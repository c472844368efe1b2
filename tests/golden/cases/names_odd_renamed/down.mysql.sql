-- 0002_rename_table_with_all_to_an_other_table_and_more (backward)
ALTER TABLE `an "other" table` RENAME INDEX `odd_50off` TO `odd_aquotedname`;
ALTER TABLE `an "other" table` RENAME COLUMN `50 % ``off``` TO `a "quoted" name`;
RENAME TABLE `an "other" table` TO `tâble ``with`` 'all'`;
