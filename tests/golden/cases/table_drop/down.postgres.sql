-- 0002_drop_note (backward)
CREATE TABLE "note" (
  "id" SERIAL NOT NULL PRIMARY KEY,
  "text" TEXT NOT NULL
);
