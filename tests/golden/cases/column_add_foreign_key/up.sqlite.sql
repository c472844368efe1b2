-- 0002_create_city_and_add_person_city_id
CREATE TABLE "city" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" TEXT NOT NULL
);
ALTER TABLE "person" ADD COLUMN "city_id" INTEGER REFERENCES "city" ("id") ON DELETE SET NULL;
CREATE INDEX "person_city_id" ON "person" ("city_id");
