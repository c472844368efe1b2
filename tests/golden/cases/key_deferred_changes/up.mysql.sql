-- 0002_alter_team_lead_id
-- assumes that the foreign key of team (lead_id) is named team_ibfk_1
ALTER TABLE `team` DROP FOREIGN KEY `team_ibfk_1`;
ALTER TABLE `team` ADD FOREIGN KEY (`lead_id`) REFERENCES `member` (`id`) ON DELETE SET NULL;
