-- 0002_alter_person_value
-- stops if person.value has values that are no INT
ALTER TABLE `person` MODIFY `value` INTEGER NOT NULL;
