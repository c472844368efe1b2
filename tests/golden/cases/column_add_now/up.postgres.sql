-- 0002_add_person_created_and_person_day
ALTER TABLE "person" ADD COLUMN "created" TIMESTAMP;
UPDATE "person" SET "created" = CAST(LOCALTIMESTAMP AS TIMESTAMP) WHERE "created" IS NULL;
ALTER TABLE "person" ALTER COLUMN "created" SET NOT NULL;
ALTER TABLE "person" ADD COLUMN "day" DATE;
UPDATE "person" SET "day" = CAST(CURRENT_DATE AS DATE) WHERE "day" IS NULL;
ALTER TABLE "person" ALTER COLUMN "day" SET NOT NULL;
