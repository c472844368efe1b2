-- 0002_rename_person_name_to_full_name_and_more (backward)
-- stops if person has rows without full_name (no value is given)
-- stops if person.full_name has texts of more than 80 characters
ALTER TABLE `person` MODIFY `full_name` VARCHAR(80) NOT NULL;
ALTER TABLE `person` RENAME COLUMN `full_name` TO `name`;
