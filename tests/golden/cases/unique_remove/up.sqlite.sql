-- 0002_drop_unique_person_name
DROP INDEX "person_name";
