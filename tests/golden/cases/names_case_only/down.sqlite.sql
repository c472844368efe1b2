-- 0002_rename_person_to_person_and_more (backward)
DROP INDEX "person_name";
CREATE INDEX "person_Name" ON "person" ("name");
ALTER TABLE "person" RENAME COLUMN "name" TO "Name";
ALTER TABLE "person" RENAME TO "_peewee_mig_person";
ALTER TABLE "_peewee_mig_person" RENAME TO "Person";
