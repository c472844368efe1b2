-- 0002_create_member_and_team (backward)
-- assumes that PostgreSQL named the foreign key of member (team_id) member_team_id_fkey
ALTER TABLE "member" DROP CONSTRAINT "member_team_id_fkey";
DROP TABLE "team";
DROP TABLE "member";
