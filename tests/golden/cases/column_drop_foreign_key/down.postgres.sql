-- 0002_drop_person_city_id (backward)
ALTER TABLE "person" ADD COLUMN "city_id" INTEGER;
CREATE INDEX "person_city_id" ON "person" ("city_id");
ALTER TABLE "person" ADD FOREIGN KEY ("city_id") REFERENCES "city" ("id");
