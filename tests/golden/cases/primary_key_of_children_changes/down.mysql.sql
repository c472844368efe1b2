-- 0002_drop_unique_country_code_and_country_id (backward)
-- migrate stops if two rows of country have the same code
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT `code` FROM `country` WHERE `code` IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
ALTER TABLE `country` ADD COLUMN `id` INTEGER NOT NULL;
CREATE UNIQUE INDEX `country_code` ON `country` (`code`);
-- assumes that the foreign key of city (country_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
ALTER TABLE `country` DROP PRIMARY KEY;
ALTER TABLE `country` ADD PRIMARY KEY (`id`), MODIFY `id` INTEGER AUTO_INCREMENT NOT NULL;
ALTER TABLE `city` ADD FOREIGN KEY (`country_id`) REFERENCES `country` (`code`);
