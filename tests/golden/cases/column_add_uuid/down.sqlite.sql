-- 0002_add_person_token (backward)
DROP INDEX "person_token";
ALTER TABLE "person" DROP COLUMN "token";
