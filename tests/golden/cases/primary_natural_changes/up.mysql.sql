-- 0002_add_currency_name_and_more
-- migrate stops if rate.value has values that are no DECIMAL(18, 8)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `rate` WHERE `value` IS NOT NULL AND (abs(`value`) >= 10000000000 OR `value` <> round(`value`, 8));
-- assumes that the foreign key of rate (currency_id) is named rate_ibfk_1
ALTER TABLE `rate` DROP FOREIGN KEY `rate_ibfk_1`;
ALTER TABLE `currency` MODIFY `code` VARCHAR(8) NOT NULL;
ALTER TABLE `rate` MODIFY `currency_id` VARCHAR(8) NOT NULL;
ALTER TABLE `rate` MODIFY `value` NUMERIC(18, 8) NOT NULL;
ALTER TABLE `currency` ADD COLUMN `name` TEXT;
ALTER TABLE `rate` ADD FOREIGN KEY (`currency_id`) REFERENCES `currency` (`code`);
