-- 0002_alter_person_value
ALTER TABLE "person" ALTER COLUMN "value" TYPE TEXT;
