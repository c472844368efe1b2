-- 0002_add_city_country_id_and_unique_country_code
-- migrate stops if two rows of country have the same code
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT `code` FROM `country` WHERE `code` IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
ALTER TABLE `city` ADD COLUMN `country_id` VARCHAR(2);
CREATE INDEX `city_country_id` ON `city` (`country_id`);
CREATE UNIQUE INDEX `country_code` ON `country` (`code`);
ALTER TABLE `city` ADD FOREIGN KEY (`country_id`) REFERENCES `country` (`code`);
