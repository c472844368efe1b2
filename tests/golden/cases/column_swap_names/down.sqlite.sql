-- 0002_rename_person_second_to_first_and_more (backward)
DROP INDEX "person_second";
CREATE INDEX "person_first" ON "person" ("second");
ALTER TABLE "person" RENAME COLUMN "second" TO "_peewee_mig_first";
ALTER TABLE "person" RENAME COLUMN "first" TO "second";
ALTER TABLE "person" RENAME COLUMN "_peewee_mig_first" TO "first";
