-- 0002_alter_team_lead_id (backward)
-- assumes that PostgreSQL named the foreign key of team (lead_id) team_lead_id_fkey
ALTER TABLE "team" DROP CONSTRAINT "team_lead_id_fkey";
ALTER TABLE "team" ADD FOREIGN KEY ("lead_id") REFERENCES "member" ("id");
