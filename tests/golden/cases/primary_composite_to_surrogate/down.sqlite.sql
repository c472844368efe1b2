-- 0002_add_grant_id_and_alter_grant_person_role (backward)
-- migrate stops if two rows of grant have the same person, role
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "person", "role" FROM "grant" WHERE "person" IS NOT NULL AND "role" IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) AS twice;
-- rebuild of grant: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_grant" (
  "person" INTEGER NOT NULL,
  "role" INTEGER NOT NULL,
  PRIMARY KEY ("person", "role")
);
INSERT INTO "_peewee_mig_new_grant" ("person", "role")
SELECT "person", "role" FROM "grant";
PRAGMA legacy_alter_table = ON;
DROP TABLE "grant";
ALTER TABLE "_peewee_mig_new_grant" RENAME TO "grant";
PRAGMA legacy_alter_table = OFF;
