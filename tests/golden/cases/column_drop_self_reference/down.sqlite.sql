-- 0002_drop_person_boss_id (backward)
ALTER TABLE "person" ADD COLUMN "boss_id" INTEGER REFERENCES "person" ("id");
CREATE INDEX "person_boss_id" ON "person" ("boss_id");
