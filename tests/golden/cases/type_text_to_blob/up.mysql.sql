-- 0002_alter_person_value
ALTER TABLE `person` MODIFY `value` BLOB;
