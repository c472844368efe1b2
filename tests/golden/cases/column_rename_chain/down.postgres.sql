-- 0002_rename_person_a_to_b_and_more (backward)
ALTER INDEX "person_b" RENAME TO "person_a";
ALTER TABLE "person" RENAME COLUMN "b" TO "a";
ALTER TABLE "person" ADD COLUMN "b" INTEGER;
