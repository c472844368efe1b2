-- 0002_add_rate_source_and_alter_rate_currency_day (backward)
-- migrate stops if two rows of rate have the same currency, day
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT `currency`, `day` FROM `rate` WHERE `currency` IS NOT NULL AND `day` IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) AS twice;
ALTER TABLE `rate` DROP PRIMARY KEY;
ALTER TABLE `rate` ADD PRIMARY KEY (`currency`, `day`);
ALTER TABLE `rate` DROP COLUMN `source`;
