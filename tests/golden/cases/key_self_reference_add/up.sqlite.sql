-- 0002_add_person_boss_id
ALTER TABLE "person" ADD COLUMN "boss_id" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL;
CREATE INDEX "person_boss_id" ON "person" ("boss_id");
