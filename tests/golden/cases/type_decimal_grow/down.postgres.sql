-- 0002_alter_person_value (backward)
-- stops if person.value has values that are no DECIMAL(8, 2)
ALTER TABLE "person" ALTER COLUMN "value" TYPE NUMERIC(8, 2);
