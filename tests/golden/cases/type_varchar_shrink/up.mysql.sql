-- 0002_alter_person_value
-- stops if person.value has texts of more than 10 characters
ALTER TABLE `person` MODIFY `value` VARCHAR(10) NOT NULL;
