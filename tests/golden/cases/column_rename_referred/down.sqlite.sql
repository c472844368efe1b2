-- 0002_rename_country_code_to_iso_and_more (backward)
DROP INDEX "country_iso";
CREATE UNIQUE INDEX "country_code" ON "country" ("iso");
ALTER TABLE "country" RENAME COLUMN "iso" TO "code";
