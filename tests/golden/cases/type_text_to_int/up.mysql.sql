-- 0002_alter_person_value
-- migrate stops if person.value has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (CASE WHEN `value` REGEXP '^[[:space:]]*[-+]?[0-9]{1,30}[[:space:]]*$' THEN CAST(`value` AS DECIMAL(65, 30)) NOT BETWEEN -2147483648 AND 2147483647 OR CAST(`value` AS DECIMAL(65, 30)) <> round(CAST(`value` AS DECIMAL(65, 30))) ELSE TRUE END);
ALTER TABLE `person` MODIFY `value` INTEGER;
