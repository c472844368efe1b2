-- 0002_add_currency_name_and_more (backward)
-- migrate stops if rate.value has values that are no FLOAT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `rate` WHERE `value` IS NOT NULL AND (CASE WHEN abs(`value`) > 16777216 OR (`value` <> 0 AND abs(`value`) < 1e-37) THEN TRUE ELSE CAST(CAST(CAST(`value` AS FLOAT) AS CHAR) AS DECIMAL(65, 30)) <> `value` END);
-- migrate stops if rate.currency_id has texts of more than 3 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `rate` WHERE char_length(`currency_id`) > 3;
-- migrate stops if currency.code has texts of more than 3 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `currency` WHERE char_length(`code`) > 3;
ALTER TABLE `currency` DROP COLUMN `name`;
ALTER TABLE `rate` MODIFY `value` FLOAT NOT NULL;
-- assumes that the foreign key of rate (currency_id) is named rate_ibfk_1
ALTER TABLE `rate` DROP FOREIGN KEY `rate_ibfk_1`;
ALTER TABLE `rate` MODIFY `currency_id` VARCHAR(3) NOT NULL;
ALTER TABLE `currency` MODIFY `code` VARCHAR(3) NOT NULL;
ALTER TABLE `rate` ADD FOREIGN KEY (`currency_id`) REFERENCES `currency` (`code`);
