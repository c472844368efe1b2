-- 0002_create_member_and_team
CREATE TABLE `member` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `team_id` INTEGER NOT NULL,
  `person_id` INTEGER NOT NULL,
  FOREIGN KEY (`person_id`) REFERENCES `person` (`id`)
);
CREATE INDEX `member_person_id` ON `member` (`person_id`);
CREATE INDEX `member_team_id` ON `member` (`team_id`);
CREATE TABLE `team` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `name` TEXT NOT NULL,
  `lead_id` INTEGER,
  FOREIGN KEY (`lead_id`) REFERENCES `member` (`id`) ON DELETE SET NULL
);
CREATE INDEX `team_lead_id` ON `team` (`lead_id`);
ALTER TABLE `member` ADD FOREIGN KEY (`team_id`) REFERENCES `team` (`id`) ON DELETE CASCADE;
