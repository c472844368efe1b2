-- 0002_add_person_boss_id (backward)
-- assumes that the foreign key of person (boss_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
DROP INDEX `person_boss_id` ON `person`;
ALTER TABLE `person` DROP COLUMN `boss_id`;
