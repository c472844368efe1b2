-- 0002_alter_note_person_id_and_more (backward)
-- stops if person.boss_id has values that are no INT
-- stops if person.id has values that are no INT
-- stops if note.person_id has values that are no INT
ALTER TABLE "person" ALTER COLUMN "boss_id" TYPE INTEGER;
ALTER TABLE "person" ALTER COLUMN "id" TYPE INTEGER;
-- assumes that PostgreSQL named the sequence person_id_seq
ALTER SEQUENCE "person_id_seq" AS INTEGER;
ALTER TABLE "note" ALTER COLUMN "person_id" TYPE INTEGER;
