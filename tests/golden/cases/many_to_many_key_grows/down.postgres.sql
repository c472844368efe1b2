-- 0002_alter_person_role_through_role_id_and_role_id (backward)
-- stops if role.id has values that are no INT
-- stops if person_role_through.role_id has values that are no INT
ALTER TABLE "role" ALTER COLUMN "id" TYPE INTEGER;
-- assumes that PostgreSQL named the sequence role_id_seq
ALTER SEQUENCE "role_id_seq" AS INTEGER;
ALTER TABLE "person_role_through" ALTER COLUMN "role_id" TYPE INTEGER;
