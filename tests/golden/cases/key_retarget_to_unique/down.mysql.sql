-- 0002_drop_key_city_country_id_and_more (backward)
-- stops if city.country_id refers to rows that country lacks
-- assumes that the foreign key of city (country_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
ALTER TABLE `city` ADD FOREIGN KEY (`country_id`) REFERENCES `country` (`id`);
