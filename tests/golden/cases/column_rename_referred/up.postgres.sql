-- 0002_rename_country_code_to_iso_and_more
ALTER TABLE "country" RENAME COLUMN "code" TO "iso";
ALTER INDEX "country_code" RENAME TO "country_iso";
