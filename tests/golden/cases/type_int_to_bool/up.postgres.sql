-- 0002_alter_person_value
-- stops if person.value has values that are no BOOL
ALTER TABLE "person" ALTER COLUMN "value" TYPE BOOLEAN USING "value" <> 0;
