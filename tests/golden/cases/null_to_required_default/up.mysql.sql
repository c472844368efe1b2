-- 0002_alter_person_value
UPDATE `person` SET `value` = 5 WHERE `value` IS NULL;
ALTER TABLE `person` MODIFY `value` INTEGER NOT NULL;
