-- 0002_rename_group_order_to_where_and_more
ALTER TABLE `group` RENAME COLUMN `order` TO `where`;
ALTER TABLE `group` RENAME INDEX `group_order` TO `group_where`;
UPDATE `group` SET `select` = 'from' WHERE `select` IS NULL;
ALTER TABLE `group` MODIFY `select` TEXT NOT NULL;
ALTER TABLE `group` ADD COLUMN `references` INTEGER;
CREATE INDEX `group_references` ON `group` (`references`);
ALTER TABLE `group` ADD FOREIGN KEY (`references`) REFERENCES `group` (`id`);
