-- 0002_alter_person_value
-- migrate stops if person.value has values that are no DATE
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (`value` <> date(`value`));
ALTER TABLE `person` MODIFY `value` DATE NOT NULL;
