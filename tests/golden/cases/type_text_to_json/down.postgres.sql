-- 0002_alter_person_value (backward)
ALTER TABLE "person" ALTER COLUMN "value" TYPE TEXT;
