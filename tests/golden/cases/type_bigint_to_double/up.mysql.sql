-- 0002_alter_person_value
-- migrate stops if person.value has values that are no DOUBLE
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (CASE WHEN abs(`value`) > 9007199254740992 OR (`value` <> 0 AND abs(`value`) < 1e-300) THEN TRUE ELSE CAST(CAST(CAST(`value` AS DOUBLE) AS CHAR) AS DECIMAL(65, 30)) <> `value` END);
ALTER TABLE `person` MODIFY `value` DOUBLE PRECISION NOT NULL;
