-- 0002_add_person_locale_and_more (backward)
ALTER TABLE `person` DROP COLUMN `quoted`;
ALTER TABLE `person` DROP COLUMN `settings`;
ALTER TABLE `person` DROP COLUMN `share`;
ALTER TABLE `person` DROP COLUMN `rank`;
ALTER TABLE `person` DROP COLUMN `active`;
ALTER TABLE `person` DROP COLUMN `locale`;
