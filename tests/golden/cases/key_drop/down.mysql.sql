-- 0002_drop_key_person_city_id (backward)
-- migrate stops if person.city_id refers to rows that city lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` AS child WHERE child.`city_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `city` AS parent WHERE parent.`id` = child.`city_id`);
ALTER TABLE `person` ADD FOREIGN KEY (`city_id`) REFERENCES `city` (`id`);
