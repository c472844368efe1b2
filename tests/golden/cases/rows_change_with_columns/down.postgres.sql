-- 0002_drop_role_remark_and_more (backward)
-- migrate stops if person.role_id refers to reference rows of role that go
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "role_id" IN (SELECT "id" FROM "role" WHERE "name" = 'author');
-- migrate stops if rolepermission.role_id refers to reference rows of role that go
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "rolepermission" WHERE "role_id" IN (SELECT "id" FROM "role" WHERE "name" = 'author') AND CASE WHEN ("role_id" = (SELECT "id" FROM "role" WHERE "name" = 'author') AND "permission_id" = 'publish') THEN 0 ELSE 1 END = 1;
-- migrate stops if rolepermission.permission_id refers to reference rows of permission that go
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "rolepermission" WHERE "permission_id" IN (SELECT "code" FROM "permission" WHERE "code" = 'publish') AND CASE WHEN ("role_id" = (SELECT "id" FROM "role" WHERE "name" = 'author') AND "permission_id" = 'publish') THEN 0 ELSE 1 END = 1;
-- migrate stops if permission lacks reference rows that others refer to: read
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT CASE WHEN EXISTS (SELECT 1 FROM "permission" WHERE "code" = 'read') THEN 0 ELSE 1 END;
-- assumes that PostgreSQL named the foreign key of role (parent_id) role_parent_id_fkey
ALTER TABLE "role" DROP CONSTRAINT "role_parent_id_fkey";
DELETE FROM "rolepermission" WHERE "role_id" = (SELECT "id" FROM "role" WHERE "name" = 'author') AND "permission_id" = 'publish';
DELETE FROM "role" WHERE "name" = 'author';
DELETE FROM "permission" WHERE "code" = 'publish';
ALTER TABLE "role" ADD COLUMN "remark" TEXT;
DROP INDEX "role_parent_id";
ALTER TABLE "role" DROP COLUMN "parent_id";
ALTER TABLE "role" DROP COLUMN "rank";
UPDATE "role" SET "remark" = NULL WHERE "name" = 'editor';
INSERT INTO "role" ("name", "remark") SELECT 'editor', NULL WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'editor');
UPDATE "role" SET "remark" = 'all of it' WHERE "name" = 'admin';
INSERT INTO "role" ("name", "remark") SELECT 'admin', 'all of it' WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'admin');
INSERT INTO "role" ("name") SELECT 'guest' WHERE NOT EXISTS (SELECT 1 FROM "role" WHERE "name" = 'guest');
INSERT INTO "rolepermission" ("role_id", "permission_id") SELECT (SELECT "id" FROM "role" WHERE "name" = 'guest'), 'read' WHERE NOT EXISTS (SELECT 1 FROM "rolepermission" WHERE "role_id" = (SELECT "id" FROM "role" WHERE "name" = 'guest') AND "permission_id" = 'read');
