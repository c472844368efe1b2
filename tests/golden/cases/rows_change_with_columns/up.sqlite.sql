-- 0002_drop_role_remark_and_more
-- migrate stops if person.role_id refers to reference rows of role that go
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "role_id" IN (SELECT "id" FROM "role" WHERE "name" = 'guest');
-- migrate stops if rolepermission.role_id refers to reference rows of role that go
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "rolepermission" WHERE "role_id" IN (SELECT "id" FROM "role" WHERE "name" = 'guest') AND CASE WHEN ("role_id" = (SELECT "id" FROM "role" WHERE "name" = 'guest') AND "permission_id" = 'read') THEN 0 ELSE 1 END = 1;
-- migrate stops if role lacks reference rows that others refer to: admin
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT CASE WHEN EXISTS (SELECT 1 FROM "role" WHERE "name" = 'admin') THEN 0 ELSE 1 END;
DELETE FROM "rolepermission" WHERE "role_id" = (SELECT "id" FROM "role" WHERE "name" = 'guest') AND "permission_id" = 'read';
DELETE FROM "role" WHERE "name" = 'guest';
-- rebuild of role: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_role" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(40) NOT NULL,
  "rank" INTEGER NOT NULL,
  "parent_id" INTEGER,
  FOREIGN KEY ("parent_id") REFERENCES "role" ("id")
);
INSERT INTO "_peewee_mig_new_role" ("id", "name", "rank", "parent_id")
SELECT "id", "name", 1, NULL FROM "role";
PRAGMA legacy_alter_table = ON;
DROP TABLE "role";
ALTER TABLE "_peewee_mig_new_role" RENAME TO "role";
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX "role_name" ON "role" ("name");
CREATE INDEX "role_parent_id" ON "role" ("parent_id");
UPDATE "role" SET "rank" = 9 WHERE "name" = 'admin';
INSERT INTO "role" ("name", "rank") SELECT 'admin', 9 WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'admin');
INSERT INTO "permission" ("code") SELECT 'publish' WHERE NOT EXISTS (SELECT 1 FROM "permission" WHERE "code" = 'publish');
INSERT INTO "role" ("name", "rank", "parent_id") SELECT 'author', 1, (SELECT "id" FROM "role" WHERE "name" = 'admin') WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'author');
INSERT INTO "rolepermission" ("role_id", "permission_id") SELECT (SELECT "id" FROM "role" WHERE "name" = 'author'), 'publish' WHERE NOT EXISTS (SELECT 1 FROM "rolepermission" WHERE "role_id" = (SELECT "id" FROM "role" WHERE "name" = 'author') AND "permission_id" = 'publish');
UPDATE "role" SET "rank" = 1, "parent_id" = (SELECT "id" FROM "role" WHERE "name" = 'author') WHERE "name" = 'editor';
INSERT INTO "role" ("name", "rank", "parent_id") SELECT 'editor', 1, (SELECT "id" FROM "role" WHERE "name" = 'author') WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'editor');
