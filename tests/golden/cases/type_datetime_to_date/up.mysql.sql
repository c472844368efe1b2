-- 0002_alter_person_value
-- stops if person.value has values that are no DATE
ALTER TABLE `person` MODIFY `value` DATE NOT NULL;
