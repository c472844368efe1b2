-- 0002_drop_note
DROP TABLE "note";
