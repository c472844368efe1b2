-- 0002_alter_person_value (backward)
-- stops if person.value has values (none can become TEXT)
ALTER TABLE `person` MODIFY `value` TEXT;
