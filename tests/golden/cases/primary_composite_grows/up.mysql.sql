-- 0002_add_rate_source_and_alter_rate_currency_day
-- stops if two rows of rate have the same currency, day, source
ALTER TABLE `rate` ADD COLUMN `source` VARCHAR(20) NOT NULL DEFAULT 'bank';
ALTER TABLE `rate` ALTER COLUMN `source` DROP DEFAULT;
ALTER TABLE `rate` DROP PRIMARY KEY;
ALTER TABLE `rate` ADD PRIMARY KEY (`currency`, `day`, `source`);
