-- 0002_rename_person_a_to_b_and_more
ALTER TABLE "person" DROP COLUMN "b";
ALTER TABLE "person" RENAME COLUMN "a" TO "b";
ALTER INDEX "person_a" RENAME TO "person_b";
