-- 0002_add_person_city_id
-- stops if person.city_id refers to rows that city lacks
ALTER TABLE `person` ADD COLUMN `city_id` INTEGER NOT NULL DEFAULT 4;
ALTER TABLE `person` ALTER COLUMN `city_id` DROP DEFAULT;
CREATE INDEX `person_city_id` ON `person` (`city_id`);
ALTER TABLE `person` ADD FOREIGN KEY (`city_id`) REFERENCES `city` (`id`) ON DELETE RESTRICT;
