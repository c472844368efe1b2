-- 0002_create_mail_and_more (backward)
-- migrate stops if two rows of owner have the same email
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "email" FROM "owner" WHERE "email" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
-- migrate stops if pet.owner_id refers to rows that owner lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "pet" AS child WHERE child."owner_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "owner" AS parent WHERE parent."email" = child."owner_id");
DROP TABLE "mail";
-- rebuild of pet: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_pet" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "owner_id" VARCHAR(80) NOT NULL,
  FOREIGN KEY ("owner_id") REFERENCES "owner" ("email")
);
INSERT INTO "_peewee_mig_new_pet" ("id", "owner_id")
SELECT "id", "owner_id" FROM "pet";
PRAGMA legacy_alter_table = ON;
DROP TABLE "pet";
ALTER TABLE "_peewee_mig_new_pet" RENAME TO "pet";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "pet_owner_id" ON "pet" ("owner_id");
-- rebuild of owner: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_owner" (
  "email" VARCHAR(80) NOT NULL,
  "code" VARCHAR(80) NOT NULL,
  CONSTRAINT "mail" UNIQUE ("email")
);
INSERT INTO "_peewee_mig_new_owner" ("email", "code")
SELECT "email", "code" FROM "owner";
PRAGMA legacy_alter_table = ON;
DROP TABLE "owner";
ALTER TABLE "_peewee_mig_new_owner" RENAME TO "owner";
PRAGMA legacy_alter_table = OFF;
