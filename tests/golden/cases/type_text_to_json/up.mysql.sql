-- 0002_alter_person_value
-- migrate stops if person.value has values that are no JSON
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (NOT json_valid(`value`));
ALTER TABLE `person` MODIFY `value` JSON NOT NULL;
