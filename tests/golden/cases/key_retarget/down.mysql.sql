-- 0002_drop_key_person_home_id_and_add_key_person_home_id (backward)
-- stops if person.home_id refers to rows that city lacks
-- assumes that the foreign key of person (home_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
ALTER TABLE `person` ADD FOREIGN KEY (`home_id`) REFERENCES `city` (`id`);
