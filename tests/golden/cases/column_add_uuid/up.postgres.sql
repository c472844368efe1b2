-- 0002_add_person_token
ALTER TABLE "person" ADD COLUMN "token" UUID;
UPDATE "person" SET "token" = gen_random_uuid() WHERE "token" IS NULL;
ALTER TABLE "person" ALTER COLUMN "token" SET NOT NULL;
CREATE UNIQUE INDEX "person_token" ON "person" ("token");
