-- 0002_move_author_country_to_book_and_more
-- migrate stops if author.country has values of rows that have none in book: no row takes them
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "author" AS source WHERE source."country" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "book" AS taking WHERE taking."author_id" = source."id");
ALTER TABLE "book" ADD COLUMN "country" VARCHAR(255);
UPDATE "book" AS copied SET "country" = (SELECT related."country" FROM "author" AS related WHERE related."id" = copied."author_id") WHERE EXISTS (SELECT 1 FROM "author" AS related WHERE related."id" = copied."author_id" AND related."country" IS NOT NULL);
ALTER TABLE "author" DROP COLUMN "country";
