-- 0002_alter_person_value (backward)
-- stops if person.value has values that are no FLOAT
ALTER TABLE `person` MODIFY `value` FLOAT NOT NULL;
