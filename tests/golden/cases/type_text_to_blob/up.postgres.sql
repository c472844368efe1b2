-- 0002_alter_person_value
ALTER TABLE "person" ALTER COLUMN "value" TYPE BYTEA USING convert_to("value", 'UTF8');
