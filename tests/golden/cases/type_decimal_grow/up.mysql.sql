-- 0002_alter_person_value
ALTER TABLE `person` MODIFY `value` NUMERIC(12, 4) NOT NULL;
