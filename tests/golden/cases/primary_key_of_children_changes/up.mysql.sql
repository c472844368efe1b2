-- 0002_drop_unique_country_code_and_country_id
-- stops if two rows of country have the same code
ALTER TABLE `country` DROP PRIMARY KEY, MODIFY `id` INTEGER NOT NULL;
ALTER TABLE `country` ADD PRIMARY KEY (`code`);
-- assumes that the foreign key of city (country_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
DROP INDEX `country_code` ON `country`;
ALTER TABLE `country` DROP COLUMN `id`;
ALTER TABLE `city` ADD FOREIGN KEY (`country_id`) REFERENCES `country` (`code`);
