-- 0002_alter_person_value
-- stops if person.value has values that are no DATETIME
ALTER TABLE "person" ALTER COLUMN "value" TYPE TIMESTAMP USING "value"::TIMESTAMP;
