-- 0002_rename_person_name_to_full_name (backward)
ALTER TABLE "person" RENAME COLUMN "full_name" TO "name";
