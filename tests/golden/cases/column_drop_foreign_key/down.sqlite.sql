-- 0002_drop_person_city_id (backward)
ALTER TABLE "person" ADD COLUMN "city_id" INTEGER REFERENCES "city" ("id");
CREATE INDEX "person_city_id" ON "person" ("city_id");
