-- 0002_add_unique_person_name (backward)
DROP INDEX "person_name";
