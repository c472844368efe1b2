-- 0002_alter_note_person_id_and_more (backward)
-- migrate stops if person.boss_id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "boss_id" IS NOT NULL AND (CAST("boss_id" AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST("boss_id" AS NUMERIC) <> round(CAST("boss_id" AS NUMERIC)));
-- migrate stops if person.id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "id" IS NOT NULL AND (CAST("id" AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST("id" AS NUMERIC) <> round(CAST("id" AS NUMERIC)));
-- migrate stops if note.person_id has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "note" WHERE "person_id" IS NOT NULL AND (CAST("person_id" AS NUMERIC) NOT BETWEEN -2147483648 AND 2147483647 OR CAST("person_id" AS NUMERIC) <> round(CAST("person_id" AS NUMERIC)));
ALTER TABLE "person" ALTER COLUMN "boss_id" TYPE INTEGER;
ALTER TABLE "person" ALTER COLUMN "id" TYPE INTEGER;
-- assumes that PostgreSQL named the sequence person_id_seq
ALTER SEQUENCE "person_id_seq" AS INTEGER;
ALTER TABLE "note" ALTER COLUMN "person_id" TYPE INTEGER;
