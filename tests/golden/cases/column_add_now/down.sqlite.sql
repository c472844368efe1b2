-- 0002_add_person_created_and_person_day (backward)
ALTER TABLE "person" DROP COLUMN "day";
ALTER TABLE "person" DROP COLUMN "created";
