-- 0002_alter_person_value
-- migrate stops if person.value has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (`value` NOT BETWEEN -2147483648 AND 2147483647 OR `value` <> round(`value`));
ALTER TABLE `person` MODIFY `value` INTEGER NOT NULL;
