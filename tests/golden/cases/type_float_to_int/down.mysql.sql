-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no FLOAT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (CASE WHEN abs(`value`) > 16777216 OR (`value` <> 0 AND abs(`value`) < 1e-37) THEN TRUE ELSE CAST(CAST(CAST(`value` AS FLOAT) AS CHAR) AS DECIMAL(65, 30)) <> `value` END);
ALTER TABLE `person` MODIFY `value` FLOAT NOT NULL;
