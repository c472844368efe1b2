-- 0002_drop_unique_country_code_and_country_id
-- migrate stops if two rows of country have the same code
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT `code` FROM `country` WHERE `code` IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
ALTER TABLE `country` DROP PRIMARY KEY, MODIFY `id` INTEGER NOT NULL;
ALTER TABLE `country` ADD PRIMARY KEY (`code`);
-- assumes that the foreign key of city (country_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
DROP INDEX `country_code` ON `country`;
ALTER TABLE `country` DROP COLUMN `id`;
ALTER TABLE `city` ADD FOREIGN KEY (`country_id`) REFERENCES `country` (`code`);
