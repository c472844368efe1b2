-- 0002_rename_person_city_id_to_town_id_and_more
ALTER TABLE `person` RENAME COLUMN `city_id` TO `town_id`;
ALTER TABLE `person` RENAME INDEX `person_city_id` TO `person_town_id`;
