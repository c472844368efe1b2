-- 0002_add_person_boss_id
ALTER TABLE "person" ADD COLUMN "boss_id" INTEGER;
CREATE INDEX "person_boss_id" ON "person" ("boss_id");
ALTER TABLE "person" ADD FOREIGN KEY ("boss_id") REFERENCES "person" ("id") ON DELETE SET NULL;
