-- 0002_alter_person_value
-- migrate stops if person.value has values that are no DOUBLE
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (abs(`value`) > 9007199254740992);
ALTER TABLE `person` MODIFY `value` DOUBLE PRECISION NOT NULL;
