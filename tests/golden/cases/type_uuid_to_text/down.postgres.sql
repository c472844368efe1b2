-- 0002_alter_person_value (backward)
-- stops if person.value has values that are no UUID
ALTER TABLE "person" ALTER COLUMN "value" TYPE UUID USING "value"::UUID;
