-- 0002_alter_person_value
-- migrate stops if person.value has values that are no UUID
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `value` IS NOT NULL AND (`value` NOT REGEXP '^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$');
ALTER TABLE `person` MODIFY `value` VARCHAR(40) NOT NULL;
UPDATE `person` SET `value` = lower(replace(`value`, '-', ''));
ALTER TABLE `person` MODIFY `value` VARCHAR(40) NOT NULL;
