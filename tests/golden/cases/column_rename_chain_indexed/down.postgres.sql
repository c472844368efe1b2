-- 0002_rename_person_a_to_b_and_more (backward)
DROP INDEX "person_a";
ALTER TABLE "person" RENAME COLUMN "a" TO "c";
ALTER TABLE "person" RENAME COLUMN "b" TO "a";
ALTER TABLE "person" ADD COLUMN "b" INTEGER;
CREATE UNIQUE INDEX "person_b" ON "person" ("b");
