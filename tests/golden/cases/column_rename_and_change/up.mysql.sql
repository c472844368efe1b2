-- 0002_rename_person_name_to_full_name_and_more
ALTER TABLE `person` RENAME COLUMN `name` TO `full_name`;
ALTER TABLE `person` MODIFY `full_name` VARCHAR(200);
