-- 0002_rename_group_order_to_where_and_more (backward)
-- assumes that the foreign key of group (references) is named group_ibfk_1
ALTER TABLE `group` DROP FOREIGN KEY `group_ibfk_1`;
DROP INDEX `group_references` ON `group`;
ALTER TABLE `group` DROP COLUMN `references`;
ALTER TABLE `group` MODIFY `select` TEXT;
ALTER TABLE `group` RENAME INDEX `group_where` TO `group_order`;
ALTER TABLE `group` RENAME COLUMN `where` TO `order`;
