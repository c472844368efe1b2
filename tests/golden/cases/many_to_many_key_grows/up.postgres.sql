-- 0002_alter_person_role_through_role_id_and_role_id
ALTER TABLE "person_role_through" ALTER COLUMN "role_id" TYPE BIGINT;
ALTER TABLE "role" ALTER COLUMN "id" TYPE BIGINT;
-- assumes that PostgreSQL named the sequence role_id_seq
ALTER SEQUENCE "role_id_seq" AS BIGINT;
