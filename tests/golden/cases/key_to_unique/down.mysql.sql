-- 0002_add_city_country_id_and_unique_country_code (backward)
-- assumes that the foreign key of city (country_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
DROP INDEX `country_code` ON `country`;
DROP INDEX `city_country_id` ON `city`;
ALTER TABLE `city` DROP COLUMN `country_id`;
