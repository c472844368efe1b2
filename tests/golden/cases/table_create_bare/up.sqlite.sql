-- 0002_create_anything
CREATE TABLE "anything" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "value"
);
