-- 0002_add_grant_id_and_alter_grant_person_role (backward)
-- stops if two rows of grant have the same person, role
-- assumes that PostgreSQL named the primary key of grant (id) grant_pkey
ALTER TABLE "grant" DROP CONSTRAINT "grant_pkey";
ALTER TABLE "grant" ADD PRIMARY KEY ("person", "role");
ALTER TABLE "grant" DROP COLUMN "id";
