-- 0002_rename_person_to_person_and_more (backward)
ALTER INDEX "person_name" RENAME TO "person_Name";
ALTER TABLE "person" RENAME COLUMN "name" TO "Name";
ALTER TABLE "person" RENAME TO "Person";
