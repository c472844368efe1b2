-- 0002_alter_note_person_id_and_more
-- assumes that the foreign key of note (person_id) is named note_ibfk_1
ALTER TABLE `note` DROP FOREIGN KEY `note_ibfk_1`;
ALTER TABLE `note` MODIFY `person_id` BIGINT NOT NULL;
-- assumes that the foreign key of person (boss_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
ALTER TABLE `person` MODIFY `id` BIGINT AUTO_INCREMENT NOT NULL;
ALTER TABLE `person` MODIFY `boss_id` BIGINT;
ALTER TABLE `note` ADD FOREIGN KEY (`person_id`) REFERENCES `person` (`id`) ON DELETE CASCADE;
ALTER TABLE `person` ADD FOREIGN KEY (`boss_id`) REFERENCES `person` (`id`);
