-- 0002_add_table_with_all_groe_and_more (backward)
-- migrate stops if tâble `with` 'all'.a "quoted" name has texts of more than 20 characters
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "tâble `with` 'all'" WHERE char_length(CAST("a ""quoted"" name" AS TEXT)) > 20;
-- assumes that PostgreSQL named the foreign key of tâble `with` 'all' (a`b) tâble `with` 'all'_a`b_fkey
ALTER TABLE "tâble `with` 'all'" DROP CONSTRAINT "tâble `with` 'all'_a`b_fkey";
DROP INDEX "odd_ab";
DROP INDEX "odd_aquotedname";
ALTER TABLE "tâble `with` 'all'" DROP COLUMN "a`b";
ALTER TABLE "tâble `with` 'all'" DROP COLUMN "größe; -- 東京";
ALTER TABLE "tâble `with` 'all'" ALTER COLUMN "100 % of %s" DROP NOT NULL;
ALTER TABLE "tâble `with` 'all'" ALTER COLUMN "a ""quoted"" name" TYPE VARCHAR(20);
CREATE INDEX "odd_aquotedname" ON "tâble `with` 'all'" ("a ""quoted"" name");
