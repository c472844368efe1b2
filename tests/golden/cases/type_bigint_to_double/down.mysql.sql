-- 0002_alter_person_value (backward)
-- stops if person.value has values that are no BIGINT
ALTER TABLE `person` MODIFY `value` BIGINT NOT NULL;
