-- 0002_rename_second_to_first_and_more
ALTER TABLE "first" RENAME TO "_peewee_mig_first";
ALTER TABLE "second" RENAME TO "first";
ALTER TABLE "_peewee_mig_first" RENAME TO "second";
ALTER INDEX "second_first_id" RENAME TO "first_first_id";
ALTER INDEX "second_two" RENAME TO "first_two";
ALTER INDEX "first_one" RENAME TO "second_one";
