-- 0002_alter_person_city_id (backward)
-- assumes that the foreign key of person (city_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
ALTER TABLE `person` ADD FOREIGN KEY (`city_id`) REFERENCES `city` (`id`) ON DELETE RESTRICT;
