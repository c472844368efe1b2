-- 0002_alter_person_value (backward)
-- stops if person.value has texts of more than 10 characters
ALTER TABLE "person" ALTER COLUMN "value" TYPE VARCHAR(10);
