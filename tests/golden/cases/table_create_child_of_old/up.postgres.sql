-- 0002_create_badge
CREATE TABLE "badge" (
  "id" SERIAL NOT NULL PRIMARY KEY,
  "person_id" INTEGER NOT NULL,
  "code" VARCHAR(12) NOT NULL,
  FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "badge_person_id" ON "badge" ("person_id");
