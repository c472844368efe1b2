-- 0002_add_rate_source_and_alter_rate_currency_day (backward)
-- stops if two rows of rate have the same currency, day
ALTER TABLE `rate` DROP PRIMARY KEY;
ALTER TABLE `rate` ADD PRIMARY KEY (`currency`, `day`);
ALTER TABLE `rate` DROP COLUMN `source`;
