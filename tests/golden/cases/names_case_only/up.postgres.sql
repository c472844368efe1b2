-- 0002_rename_person_to_person_and_more
ALTER TABLE "Person" RENAME TO "person";
ALTER TABLE "person" RENAME COLUMN "Name" TO "name";
ALTER INDEX "person_Name" RENAME TO "person_name";
