-- 0002_alter_person_value (backward)
ALTER TABLE `person` MODIFY `value` TEXT NOT NULL;
