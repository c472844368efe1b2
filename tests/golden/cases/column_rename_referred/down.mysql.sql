-- 0002_rename_country_code_to_iso_and_more (backward)
ALTER TABLE `country` RENAME INDEX `country_iso` TO `country_code`;
ALTER TABLE `country` RENAME COLUMN `iso` TO `code`;
