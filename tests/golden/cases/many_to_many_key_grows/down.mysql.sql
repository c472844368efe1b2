-- 0002_alter_person_role_through_role_id_and_role_id (backward)
-- stops if role.id has values that are no INT
-- stops if person_role_through.role_id has values that are no INT
-- assumes that the foreign key of person_role_through (role_id) is named person_role_through_ibfk_2
ALTER TABLE `person_role_through` DROP FOREIGN KEY `person_role_through_ibfk_2`;
ALTER TABLE `role` MODIFY `id` INTEGER AUTO_INCREMENT NOT NULL;
ALTER TABLE `person_role_through` MODIFY `role_id` INTEGER NOT NULL;
ALTER TABLE `person_role_through` ADD FOREIGN KEY (`role_id`) REFERENCES `role` (`id`);
