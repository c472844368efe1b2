-- 0002_alter_team_lead_id (backward)
-- rebuild of team: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_team" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "lead_id" INTEGER,
  FOREIGN KEY ("lead_id") REFERENCES "member" ("id")
);
INSERT INTO "_peewee_mig_new_team" ("id", "lead_id")
SELECT "id", "lead_id" FROM "team";
PRAGMA legacy_alter_table = ON;
DROP TABLE "team";
ALTER TABLE "_peewee_mig_new_team" RENAME TO "team";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "team_lead_id" ON "team" ("lead_id");
