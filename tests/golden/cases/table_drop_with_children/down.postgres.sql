-- 0002_drop_track_and_album (backward)
CREATE TABLE "album" (
  "id" SERIAL NOT NULL PRIMARY KEY,
  "owner_id" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  FOREIGN KEY ("owner_id") REFERENCES "person" ("id")
);
CREATE INDEX "album_owner_id" ON "album" ("owner_id");
CREATE TABLE "track" (
  "id" SERIAL NOT NULL PRIMARY KEY,
  "album_id" INTEGER NOT NULL,
  "successor_id" INTEGER,
  FOREIGN KEY ("album_id") REFERENCES "album" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("successor_id") REFERENCES "track" ("id")
);
CREATE INDEX "track_album_id" ON "track" ("album_id");
CREATE INDEX "track_successor_id" ON "track" ("successor_id");
