-- 0002_drop_person_fax
DROP INDEX "person_fax";
ALTER TABLE "person" DROP COLUMN "fax";
