-- 0002_add_table_with_all_groe_and_more
-- migrate stops if two rows of tâble `with` 'all' have the same a "quoted" name
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "a ""quoted"" name" FROM "tâble `with` 'all'" WHERE "a ""quoted"" name" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
DROP INDEX "odd_aquotedname";
-- rebuild of tâble `with` 'all': triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_tâble `with` 'all'" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "a ""quoted"" name" VARCHAR(40) NOT NULL,
  "100 % of %s" INTEGER NOT NULL,
  "größe; -- 東京" TEXT NOT NULL,
  "a`b" INTEGER,
  FOREIGN KEY ("a`b") REFERENCES "tâble `with` 'all'" ("id")
);
INSERT INTO "_peewee_mig_new_tâble `with` 'all'" ("id", "a ""quoted"" name", "100 % of %s", "größe; -- 東京", "a`b")
SELECT "id", "a ""quoted"" name", COALESCE("100 % of %s", 0), '50 % – ''naïve'' \', NULL FROM "tâble `with` 'all'";
PRAGMA legacy_alter_table = ON;
DROP TABLE "tâble `with` 'all'";
ALTER TABLE "_peewee_mig_new_tâble `with` 'all'" RENAME TO "tâble `with` 'all'";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "odd_aquotedname" ON "tâble `with` 'all'" ("a ""quoted"" name");
CREATE INDEX "odd_ab" ON "tâble `with` 'all'" ("a`b");
