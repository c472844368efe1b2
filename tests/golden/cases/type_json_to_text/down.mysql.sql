-- 0002_alter_person_value (backward)
-- stops if person.value has values that are no JSON
ALTER TABLE `person` MODIFY `value` JSON NOT NULL;
