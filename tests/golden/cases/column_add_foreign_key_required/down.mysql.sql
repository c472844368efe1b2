-- 0002_add_person_city_id (backward)
-- assumes that the foreign key of person (city_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
DROP INDEX `person_city_id` ON `person`;
ALTER TABLE `person` DROP COLUMN `city_id`;
