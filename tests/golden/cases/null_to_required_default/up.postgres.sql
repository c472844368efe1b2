-- 0002_alter_person_value
UPDATE "person" SET "value" = 5 WHERE "value" IS NULL;
ALTER TABLE "person" ALTER COLUMN "value" SET NOT NULL;
