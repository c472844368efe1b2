-- 0002_rename_person_city_id_to_town_id_and_more (backward)
ALTER TABLE `person` RENAME INDEX `person_town_id` TO `person_city_id`;
ALTER TABLE `person` RENAME COLUMN `town_id` TO `city_id`;
