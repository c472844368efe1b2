-- 0002_alter_person_value
-- migrate stops if person.value has values that are no JSON
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (CAST("value" AS TEXT) !~* '(?c)^\s*([{[]|("([^"\\[:cntrl:]]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d{1,4})?)\s*$)');
ALTER TABLE "person" ALTER COLUMN "value" TYPE JSONB USING "value"::JSONB;
