-- 0002_alter_person_value (backward)
-- stops if person.value has texts of more than 255 characters
ALTER TABLE `person` MODIFY `value` VARCHAR(255) NOT NULL;
