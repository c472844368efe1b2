-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no TEXT in UTF-8
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (NOT (CAST(CONVERT(`value` USING utf8mb4) AS BINARY) <=> CAST(`value` AS BINARY)) OR CONVERT(`value` USING latin1) REGEXP '(?-i)\\x{ED}[\\x{A0}-\\x{BF}]');
ALTER TABLE `person` MODIFY `value` TEXT;
