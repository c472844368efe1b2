-- 0002_alter_person_value
-- stops if person has rows without value (no value is given)
ALTER TABLE "person" ALTER COLUMN "value" SET NOT NULL;
