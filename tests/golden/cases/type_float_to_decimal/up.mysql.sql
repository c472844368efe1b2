-- 0002_alter_person_value
-- stops if person.value has values that are no DECIMAL(8, 2)
ALTER TABLE `person` MODIFY `value` NUMERIC(8, 2) NOT NULL;
