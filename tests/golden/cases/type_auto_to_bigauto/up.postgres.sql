-- 0002_alter_note_person_id_and_more
ALTER TABLE "note" ALTER COLUMN "person_id" TYPE BIGINT;
ALTER TABLE "person" ALTER COLUMN "id" TYPE BIGINT;
-- assumes that PostgreSQL named the sequence person_id_seq
ALTER SEQUENCE "person_id_seq" AS BIGINT;
ALTER TABLE "person" ALTER COLUMN "boss_id" TYPE BIGINT;
