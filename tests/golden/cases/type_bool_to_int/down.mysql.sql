-- 0002_alter_person_value (backward)
-- stops if person.value has values that are no BOOL
ALTER TABLE `person` MODIFY `value` BOOL NOT NULL;
