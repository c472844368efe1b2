-- 0002_alter_note_person_id_and_more (backward)
-- migrate stops if person.boss_id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `boss_id` IS NOT NULL AND (`boss_id` NOT BETWEEN -2147483648 AND 2147483647 OR `boss_id` <> round(`boss_id`));
-- migrate stops if person.id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `person` WHERE `id` IS NOT NULL AND (`id` NOT BETWEEN -2147483648 AND 2147483647 OR `id` <> round(`id`));
-- migrate stops if note.person_id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `note` WHERE `person_id` IS NOT NULL AND (`person_id` NOT BETWEEN -2147483648 AND 2147483647 OR `person_id` <> round(`person_id`));
-- assumes that the foreign key of person (boss_id) is named person_ibfk_1
ALTER TABLE `person` DROP FOREIGN KEY `person_ibfk_1`;
ALTER TABLE `person` MODIFY `boss_id` INTEGER;
-- assumes that the foreign key of note (person_id) is named note_ibfk_1
ALTER TABLE `note` DROP FOREIGN KEY `note_ibfk_1`;
ALTER TABLE `person` MODIFY `id` INTEGER AUTO_INCREMENT NOT NULL;
ALTER TABLE `note` MODIFY `person_id` INTEGER NOT NULL;
ALTER TABLE `person` ADD FOREIGN KEY (`boss_id`) REFERENCES `person` (`id`);
ALTER TABLE `note` ADD FOREIGN KEY (`person_id`) REFERENCES `person` (`id`) ON DELETE CASCADE;
