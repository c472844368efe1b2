-- 0002_alter_person_value (backward)
-- stops if person.value has values (none can become TEXT)
ALTER TABLE "person" ALTER COLUMN "value" TYPE TEXT USING convert_from("value", 'UTF8');
