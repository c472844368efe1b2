-- 0002_alter_person_value (backward)
-- stops if person.value has values (none can become INT)
ALTER TABLE `person` MODIFY `value` INTEGER;
