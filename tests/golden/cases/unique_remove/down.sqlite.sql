-- 0002_drop_unique_person_name (backward)
-- stops if two rows of person have the same name
CREATE UNIQUE INDEX "person_name" ON "person" ("name");
