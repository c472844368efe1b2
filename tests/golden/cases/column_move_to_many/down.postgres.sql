-- 0002_move_author_country_to_book_and_more (backward)
ALTER TABLE "author" ADD COLUMN "country" VARCHAR(255);
ALTER TABLE "book" DROP COLUMN "country";
