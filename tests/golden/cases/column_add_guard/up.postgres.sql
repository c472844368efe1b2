-- 0002_add_person_country
-- stops if person has rows (no value for country is given)
ALTER TABLE "person" ADD COLUMN "country" VARCHAR(2) NOT NULL;
