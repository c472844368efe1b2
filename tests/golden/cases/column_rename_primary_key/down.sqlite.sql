-- 0002_rename_city_id_to_city_no (backward)
ALTER TABLE "city" RENAME COLUMN "city_no" TO "id";
