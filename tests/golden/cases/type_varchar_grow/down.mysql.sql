-- 0002_alter_person_value (backward)
-- migrate stops if person.value has texts of more than 10 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE char_length(`value`) > 10;
ALTER TABLE `person` MODIFY `value` VARCHAR(10) NOT NULL;
