-- 0002_alter_person_city_id (backward)
ALTER TABLE `person` MODIFY `city_id` INTEGER;
