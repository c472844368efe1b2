-- 0002_rename_person_b_to_bb_and_more
-- migrate stops if two rows of person have the same b
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "b" FROM "person" WHERE "b" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
DROP INDEX "person_b";
ALTER TABLE "person" RENAME COLUMN "b" TO "bb";
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "a" INTEGER NOT NULL,
  "bb" VARCHAR(20) NOT NULL,
  "d" INTEGER NOT NULL,
  "boss_id" INTEGER,
  FOREIGN KEY ("boss_id") REFERENCES "person" ("id")
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "a", "bb", "d", "boss_id")
SELECT "id", "name", COALESCE("a", 0), "bb", 0, NULL FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "person_bb" ON "person" ("bb");
CREATE INDEX "person_boss_id" ON "person" ("boss_id");
