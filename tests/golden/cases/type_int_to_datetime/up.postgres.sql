-- 0002_alter_person_value
-- stops if person.value has values (none can become DATETIME)
ALTER TABLE "person" ALTER COLUMN "value" TYPE TIMESTAMP USING NULL::TIMESTAMP;
