-- 0002_rename_person_to_person_and_more
ALTER TABLE "Person" RENAME TO "_peewee_mig_Person";
ALTER TABLE "_peewee_mig_Person" RENAME TO "person";
ALTER TABLE "person" RENAME COLUMN "Name" TO "name";
DROP INDEX "person_Name";
CREATE INDEX "person_name" ON "person" ("name");
