-- 0002_alter_person_city_id (backward)
ALTER TABLE `person` DROP FOREIGN KEY `person_city_fk`;
ALTER TABLE `person` ADD CONSTRAINT `lives_in` FOREIGN KEY (`city_id`) REFERENCES `city` (`id`);
