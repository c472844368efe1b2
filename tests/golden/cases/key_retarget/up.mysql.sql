-- 0002_drop_key_person_home_id_and_add_key_person_home_id
-- stops if person.home_id refers to rows that village lacks
-- assumes that the foreign key of person (home_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
ALTER TABLE `person` ADD FOREIGN KEY (`home_id`) REFERENCES `village` (`id`);
