-- 0002_add_person_created_and_person_day
ALTER TABLE `person` ADD COLUMN `created` DATETIME;
UPDATE `person` SET `created` = CAST(now(6) AS DATETIME) WHERE `created` IS NULL;
ALTER TABLE `person` MODIFY `created` DATETIME NOT NULL;
ALTER TABLE `person` ADD COLUMN `day` DATE;
UPDATE `person` SET `day` = CAST(current_date AS DATE) WHERE `day` IS NULL;
ALTER TABLE `person` MODIFY `day` DATE NOT NULL;
