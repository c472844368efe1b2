-- 0002_add_person_nickname
ALTER TABLE `person` ADD COLUMN `nickname` VARCHAR(255);
