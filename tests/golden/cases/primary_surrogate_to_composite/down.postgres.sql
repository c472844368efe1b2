-- 0002_drop_grant_id (backward)
ALTER TABLE "grant" ADD COLUMN "id" SERIAL NOT NULL;
-- assumes that PostgreSQL named the primary key of grant (person, role) grant_pkey
ALTER TABLE "grant" DROP CONSTRAINT "grant_pkey";
ALTER TABLE "grant" ADD PRIMARY KEY ("id");
