-- 0002_add_unique_person_name
-- stops if two rows of person have the same name
CREATE UNIQUE INDEX "person_name" ON "person" ("name");
