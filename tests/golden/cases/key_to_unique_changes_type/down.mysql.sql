-- 0002_alter_city_country_id_and_country_code (backward)
-- migrate stops if country.code has texts of more than 2 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `country` WHERE char_length(`code`) > 2;
-- migrate stops if city.country_id has texts of more than 2 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `city` WHERE char_length(`country_id`) > 2;
-- assumes that the foreign key of city (country_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
ALTER TABLE `country` MODIFY `code` VARCHAR(2) NOT NULL;
ALTER TABLE `city` MODIFY `country_id` VARCHAR(2) NOT NULL;
ALTER TABLE `city` ADD FOREIGN KEY (`country_id`) REFERENCES `country` (`code`) ON UPDATE CASCADE;
