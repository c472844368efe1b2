-- 0002_rename_person_a_to_b_and_more (backward)
DROP INDEX "person_b";
CREATE INDEX "person_a" ON "person" ("b");
ALTER TABLE "person" RENAME COLUMN "b" TO "a";
ALTER TABLE "person" ADD COLUMN "b" INTEGER;
