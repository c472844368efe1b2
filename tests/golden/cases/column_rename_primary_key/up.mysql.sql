-- 0002_rename_city_id_to_city_no
ALTER TABLE `city` RENAME COLUMN `id` TO `city_no`;
