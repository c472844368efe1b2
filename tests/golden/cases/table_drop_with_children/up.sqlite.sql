-- 0002_drop_track_and_album
DROP TABLE "track";
DROP TABLE "album";
