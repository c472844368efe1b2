-- 0002_alter_person_value
-- stops if person.value has values that are no DOUBLE
ALTER TABLE "person" ALTER COLUMN "value" TYPE DOUBLE PRECISION;
