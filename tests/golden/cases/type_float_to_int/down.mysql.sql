-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no FLOAT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (abs(`value`) > 16777216);
ALTER TABLE `person` MODIFY `value` FLOAT NOT NULL;
