-- 0002_alter_city_country_id_and_country_code (backward)
-- stops if country.code has texts of more than 2 characters
-- stops if city.country_id has texts of more than 2 characters
-- assumes that the foreign key of city (country_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
ALTER TABLE `country` MODIFY `code` VARCHAR(2) NOT NULL;
ALTER TABLE `city` MODIFY `country_id` VARCHAR(2) NOT NULL;
ALTER TABLE `city` ADD FOREIGN KEY (`country_id`) REFERENCES `country` (`code`) ON UPDATE CASCADE;
