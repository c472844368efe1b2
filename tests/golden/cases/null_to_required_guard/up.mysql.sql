-- 0002_alter_person_value
-- stops if person has rows without value (no value is given)
ALTER TABLE `person` MODIFY `value` VARCHAR(255) NOT NULL;
