-- 0002_alter_person_value
-- migrate stops if person.value has values that are no SMALLINT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (`value` NOT BETWEEN -32768 AND 32767 OR `value` <> round(`value`));
ALTER TABLE `person` MODIFY `value` SMALLINT NOT NULL;
