-- 0002_drop_person_role_through (backward)
CREATE TABLE "person_role_through" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "person_id" INTEGER NOT NULL,
  "role_id" INTEGER NOT NULL,
  FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
  FOREIGN KEY ("role_id") REFERENCES "role" ("id")
);
CREATE INDEX "personrolethrough_person_id" ON "person_role_through" ("person_id");
CREATE UNIQUE INDEX "personrolethrough_person_id_role_id" ON "person_role_through" ("person_id", "role_id");
CREATE INDEX "personrolethrough_role_id" ON "person_role_through" ("role_id");
