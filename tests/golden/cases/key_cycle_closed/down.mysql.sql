-- 0002_add_city_mayor_id (backward)
-- assumes that the foreign key of city (mayor_id) is named city_ibfk_1
ALTER TABLE `city` DROP FOREIGN KEY `city_ibfk_1`;
DROP INDEX `city_mayor_id` ON `city`;
ALTER TABLE `city` DROP COLUMN `mayor_id`;
