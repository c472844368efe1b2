-- 0002_alter_person_city_id (backward)
ALTER TABLE "person" ALTER COLUMN "city_id" DROP NOT NULL;
