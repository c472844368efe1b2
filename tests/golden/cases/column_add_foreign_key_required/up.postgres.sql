-- 0002_add_person_city_id
-- migrate stops if person.city_id refers to rows that city lacks
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" AS child WHERE 4 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "city" AS parent WHERE parent."id" = 4);
ALTER TABLE "person" ADD COLUMN "city_id" INTEGER NOT NULL DEFAULT 4;
ALTER TABLE "person" ALTER COLUMN "city_id" DROP DEFAULT;
CREATE INDEX "person_city_id" ON "person" ("city_id");
ALTER TABLE "person" ADD FOREIGN KEY ("city_id") REFERENCES "city" ("id") ON DELETE RESTRICT;
