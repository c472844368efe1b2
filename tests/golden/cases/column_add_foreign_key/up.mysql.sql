-- 0002_create_city_and_add_person_city_id
CREATE TABLE `city` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `name` TEXT NOT NULL
);
ALTER TABLE `person` ADD COLUMN `city_id` INTEGER;
CREATE INDEX `person_city_id` ON `person` (`city_id`);
ALTER TABLE `person` ADD FOREIGN KEY (`city_id`) REFERENCES `city` (`id`) ON DELETE SET NULL;
