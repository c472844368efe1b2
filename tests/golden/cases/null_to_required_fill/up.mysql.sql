-- 0002_alter_person_value
UPDATE `person` SET `value` = 'none' WHERE `value` IS NULL;
ALTER TABLE `person` MODIFY `value` VARCHAR(255) NOT NULL;
