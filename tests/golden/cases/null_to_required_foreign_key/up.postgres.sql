-- 0002_alter_person_city_id
-- stops if person has rows without city_id (no value is given)
ALTER TABLE "person" ALTER COLUMN "city_id" SET NOT NULL;
