-- 0002_rename_person_name_to_full_name_and_more (backward)
-- migrate stops if person has rows without full_name (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `full_name` IS NULL;
-- migrate stops if person.full_name has texts of more than 80 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE char_length(`full_name`) > 80;
-- NOT RUN: it would fill existing rows of person.full_name with empty values
-- ALTER TABLE `person` MODIFY `full_name` VARCHAR(80) NOT NULL;
ALTER TABLE `person` RENAME COLUMN `full_name` TO `name`;
