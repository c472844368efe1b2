-- 0002_alter_person_value (backward)
ALTER TABLE `person` MODIFY `value` VARCHAR(100) NOT NULL;
