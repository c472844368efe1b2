-- 0002_rename_country_code_to_iso_and_more
ALTER TABLE "country" RENAME COLUMN "code" TO "iso";
DROP INDEX "country_code";
CREATE UNIQUE INDEX "country_iso" ON "country" ("iso");
