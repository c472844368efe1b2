-- 0002_alter_person_value
-- migrate stops if person.value has texts of more than 10 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE char_length(CAST("value" AS TEXT)) > 10;
ALTER TABLE "person" ALTER COLUMN "value" TYPE VARCHAR(10);
