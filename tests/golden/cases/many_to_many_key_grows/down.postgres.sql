-- 0002_alter_person_role_through_role_id_and_role_id (backward)
-- migrate stops if role.id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "role" WHERE "id" IS NOT NULL AND (CAST("id" AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST("id" AS NUMERIC) <> round(CAST("id" AS NUMERIC)));
-- migrate stops if person_role_through.role_id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person_role_through" WHERE "role_id" IS NOT NULL AND (CAST("role_id" AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST("role_id" AS NUMERIC) <> round(CAST("role_id" AS NUMERIC)));
ALTER TABLE "role" ALTER COLUMN "id" TYPE INTEGER;
-- assumes that PostgreSQL named the sequence role_id_seq
ALTER SEQUENCE "role_id_seq" AS INTEGER;
ALTER TABLE "person_role_through" ALTER COLUMN "role_id" TYPE INTEGER;
