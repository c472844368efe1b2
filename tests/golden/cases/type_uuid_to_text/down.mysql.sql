-- 0002_alter_person_value (backward)
-- stops if person.value has values that are no UUID
ALTER TABLE `person` MODIFY `value` VARCHAR(40) NOT NULL;
UPDATE `person` SET `value` = lower(replace(`value`, '-', ''));
ALTER TABLE `person` MODIFY `value` VARCHAR(40) NOT NULL;
