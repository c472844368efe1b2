-- 0002_rename_person_city_id_to_town_id_and_more (backward)
DROP INDEX "person_town_id";
CREATE INDEX "person_city_id" ON "person" ("town_id");
ALTER TABLE "person" RENAME COLUMN "town_id" TO "city_id";
