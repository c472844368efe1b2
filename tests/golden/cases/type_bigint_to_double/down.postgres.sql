-- 0002_alter_person_value (backward)
-- stops if person.value has values that are no BIGINT
ALTER TABLE "person" ALTER COLUMN "value" TYPE BIGINT;
