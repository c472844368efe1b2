-- 0002_create_member_and_team (backward)
-- assumes that the foreign key of member (team_id) is named member_ibfk_2
ALTER TABLE `member` DROP FOREIGN KEY `member_ibfk_2`;
DROP TABLE `team`;
DROP TABLE `member`;
