-- 0002_rename_person_name_to_full_name_and_more (backward)
-- migrate stops if person has rows without full_name (no value is given)
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "full_name" IS NULL;
-- migrate stops if person.full_name has texts of more than 80 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE char_length(CAST("full_name" AS TEXT)) > 80;
ALTER TABLE "person" ALTER COLUMN "full_name" TYPE VARCHAR(80);
ALTER TABLE "person" ALTER COLUMN "full_name" SET NOT NULL;
ALTER TABLE "person" RENAME COLUMN "full_name" TO "name";
