-- 0002_rename_person_to_human_and_more (backward)
CREATE TABLE `detail` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `person_id` INTEGER NOT NULL,
  `phone` VARCHAR(255) NOT NULL,
  `note` VARCHAR(255),
  FOREIGN KEY (`person_id`) REFERENCES `human` (`id`)
);
CREATE UNIQUE INDEX `detail_person_id` ON `detail` (`person_id`);
ALTER TABLE `human` DROP COLUMN `note`;
ALTER TABLE `human` DROP COLUMN `phone`;
RENAME TABLE `human` TO `person`;
