-- 0002_rename_country_code_to_iso_and_more
ALTER TABLE `country` RENAME COLUMN `code` TO `iso`;
ALTER TABLE `country` RENAME INDEX `country_code` TO `country_iso`;
