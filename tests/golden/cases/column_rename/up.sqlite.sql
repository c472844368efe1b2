-- 0002_rename_person_name_to_full_name
ALTER TABLE "person" RENAME COLUMN "name" TO "full_name";
