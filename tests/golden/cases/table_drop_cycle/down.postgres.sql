-- 0002_drop_right_and_left (backward)
CREATE TABLE "left" (
  "id" SERIAL NOT NULL PRIMARY KEY,
  "right_id" INTEGER
);
CREATE INDEX "left_right_id" ON "left" ("right_id");
CREATE TABLE "right" (
  "id" SERIAL NOT NULL PRIMARY KEY,
  "left_id" INTEGER,
  FOREIGN KEY ("left_id") REFERENCES "left" ("id")
);
CREATE INDEX "right_left_id" ON "right" ("left_id");
ALTER TABLE "left" ADD FOREIGN KEY ("right_id") REFERENCES "right" ("id");
