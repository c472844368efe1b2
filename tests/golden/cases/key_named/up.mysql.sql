-- 0002_alter_person_city_id
ALTER TABLE `person` DROP FOREIGN KEY `lives_in`;
ALTER TABLE `person` ADD CONSTRAINT `person_city_fk` FOREIGN KEY (`city_id`) REFERENCES `city` (`id`);
