-- 0002_drop_key_person_home_id_and_add_key_person_home_id
-- migrate stops if person.home_id refers to rows that village lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` AS child WHERE child.`home_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `village` AS parent WHERE parent.`id` = child.`home_id`);
-- assumes that the foreign key of person (home_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
ALTER TABLE `person` ADD FOREIGN KEY (`home_id`) REFERENCES `village` (`id`);
