-- 0002_alter_person_value
-- migrate stops if person.value has values that are no DECIMAL(8, 2)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (abs(`value`) >= 1000000 OR `value` <> round(`value`, 2));
ALTER TABLE `person` MODIFY `value` NUMERIC(8, 2) NOT NULL;
