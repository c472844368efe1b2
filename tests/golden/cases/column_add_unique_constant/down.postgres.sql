-- 0002_add_person_code (backward)
DROP INDEX "person_code";
ALTER TABLE "person" DROP COLUMN "code";
