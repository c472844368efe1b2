-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values (none can become INT)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL;
ALTER TABLE "person" ALTER COLUMN "value" TYPE INTEGER USING NULL::INTEGER;
