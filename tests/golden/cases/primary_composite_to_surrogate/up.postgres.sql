-- 0002_add_grant_id_and_alter_grant_person_role
ALTER TABLE "grant" ADD COLUMN "id" SERIAL NOT NULL;
-- assumes that PostgreSQL named the primary key of grant (person, role) grant_pkey
ALTER TABLE "grant" DROP CONSTRAINT "grant_pkey";
ALTER TABLE "grant" ADD PRIMARY KEY ("id");
