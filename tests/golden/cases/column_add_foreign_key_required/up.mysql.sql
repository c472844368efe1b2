-- 0002_add_person_city_id
-- stops if person.city_id refers to rows that city lacks
ALTER TABLE `person` ADD COLUMN `city_id` INTEGER;
UPDATE `person` SET `city_id` = 4 WHERE `city_id` IS NULL;
ALTER TABLE `person` MODIFY `city_id` INTEGER NOT NULL;
CREATE INDEX `person_city_id` ON `person` (`city_id`);
ALTER TABLE `person` ADD FOREIGN KEY (`city_id`) REFERENCES `city` (`id`) ON DELETE RESTRICT;
