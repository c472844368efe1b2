-- 0002_alter_person_role_through_role_id_and_role_id (backward)
-- migrate stops if role.id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `role` WHERE `id` IS NOT NULL AND (`id` NOT BETWEEN -2147483648 AND 2147483647 OR `id` <> round(`id`));
-- migrate stops if person_role_through.role_id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person_role_through` WHERE `role_id` IS NOT NULL AND (`role_id` NOT BETWEEN -2147483648 AND 2147483647 OR `role_id` <> round(`role_id`));
-- assumes that the foreign key of person_role_through (role_id) is named person_role_through_ibfk_2
ALTER TABLE `person_role_through` DROP FOREIGN KEY `person_role_through_ibfk_2`;
ALTER TABLE `role` MODIFY `id` INTEGER AUTO_INCREMENT NOT NULL;
ALTER TABLE `person_role_through` MODIFY `role_id` INTEGER NOT NULL;
ALTER TABLE `person_role_through` ADD FOREIGN KEY (`role_id`) REFERENCES `role` (`id`);
