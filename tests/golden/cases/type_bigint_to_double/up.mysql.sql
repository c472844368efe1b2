-- 0002_alter_person_value
-- stops if person.value has values that are no DOUBLE
ALTER TABLE `person` MODIFY `value` DOUBLE PRECISION NOT NULL;
