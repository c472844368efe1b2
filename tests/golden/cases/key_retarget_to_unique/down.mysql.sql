-- 0002_drop_key_city_country_id_and_more (backward)
-- migrate stops if city.country_id refers to rows that country lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `city` AS child WHERE child.`country_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `country` AS parent WHERE parent.`id` = child.`country_id`);
-- assumes that the foreign key of city (country_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
ALTER TABLE `city` ADD FOREIGN KEY (`country_id`) REFERENCES `country` (`id`);
