-- 0002_create_mail_and_more
-- migrate stops if two rows of owner have the same email
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "email" FROM "owner" WHERE "email" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
-- migrate stops if pet.owner_id refers to rows that owner lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "pet" AS child WHERE child."owner_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "owner" AS parent WHERE parent."email" = child."owner_id" COLLATE "C");
-- assumes that PostgreSQL named the foreign key of pet (owner_id) pet_owner_id_fkey
ALTER TABLE "pet" DROP CONSTRAINT "pet_owner_id_fkey";
ALTER TABLE "owner" DROP CONSTRAINT "mail";
CREATE TABLE "mail" (
  "id" SERIAL NOT NULL PRIMARY KEY,
  "text" VARCHAR(80) NOT NULL
);
ALTER TABLE "owner" ADD PRIMARY KEY ("email");
ALTER TABLE "pet" ADD FOREIGN KEY ("owner_id") REFERENCES "owner" ("email");
