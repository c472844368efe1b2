-- 0002_alter_person_value
-- migrate stops if person.value has values that are no UUID
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (CAST("value" AS TEXT) !~* '^\s*[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\s*$');
ALTER TABLE "person" ALTER COLUMN "value" TYPE UUID USING "value"::UUID;
