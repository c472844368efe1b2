-- 0002_drop_role_remark_and_more
-- migrate stops if person.role_id refers to reference rows of role that go
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "role_id" IN (SELECT "id" FROM "role" WHERE "name" = 'guest');
-- migrate stops if rolepermission.role_id refers to reference rows of role that go
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "rolepermission" WHERE "role_id" IN (SELECT "id" FROM "role" WHERE "name" = 'guest') AND CASE WHEN ("role_id" = (SELECT "id" FROM "role" WHERE "name" = 'guest') AND "permission_id" = 'read') THEN 0 ELSE 1 END = 1;
-- migrate stops if role lacks reference rows that others refer to: admin
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT CASE WHEN EXISTS (SELECT 1 FROM "role" WHERE "name" = 'admin') THEN 0 ELSE 1 END;
DELETE FROM "rolepermission" WHERE "role_id" = (SELECT "id" FROM "role" WHERE "name" = 'guest') AND "permission_id" = 'read';
DELETE FROM "role" WHERE "name" = 'guest';
ALTER TABLE "role" ADD COLUMN "rank" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "role" ALTER COLUMN "rank" DROP DEFAULT;
ALTER TABLE "role" ADD COLUMN "parent_id" INTEGER;
CREATE INDEX "role_parent_id" ON "role" ("parent_id");
ALTER TABLE "role" DROP COLUMN "remark";
UPDATE "role" SET "rank" = 9 WHERE "name" = 'admin';
INSERT INTO "role" ("name", "rank") SELECT 'admin', 9 WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'admin');
INSERT INTO "permission" ("code") SELECT 'publish' WHERE NOT EXISTS (SELECT 1 FROM "permission" WHERE "code" = 'publish');
INSERT INTO "role" ("name", "rank", "parent_id") SELECT 'author', 1, (SELECT "id" FROM "role" WHERE "name" = 'admin') WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'author');
INSERT INTO "rolepermission" ("role_id", "permission_id") SELECT (SELECT "id" FROM "role" WHERE "name" = 'author'), 'publish' WHERE NOT EXISTS (SELECT 1 FROM "rolepermission" WHERE "role_id" = (SELECT "id" FROM "role" WHERE "name" = 'author') AND "permission_id" = 'publish');
UPDATE "role" SET "rank" = 1, "parent_id" = (SELECT "id" FROM "role" WHERE "name" = 'author') WHERE "name" = 'editor';
INSERT INTO "role" ("name", "rank", "parent_id") SELECT 'editor', 1, (SELECT "id" FROM "role" WHERE "name" = 'author') WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'editor');
ALTER TABLE "role" ADD FOREIGN KEY ("parent_id") REFERENCES "role" ("id");
