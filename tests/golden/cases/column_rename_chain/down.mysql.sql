-- 0002_rename_person_a_to_b_and_more (backward)
ALTER TABLE `person` RENAME INDEX `person_b` TO `person_a`;
ALTER TABLE `person` RENAME COLUMN `b` TO `a`;
ALTER TABLE `person` ADD COLUMN `b` INTEGER;
