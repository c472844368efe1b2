-- 0002_rename_second_to_first_and_more (backward)
ALTER INDEX "second_one" RENAME TO "first_one";
ALTER INDEX "first_two" RENAME TO "second_two";
ALTER INDEX "first_first_id" RENAME TO "second_first_id";
ALTER TABLE "second" RENAME TO "_peewee_mig_first";
ALTER TABLE "first" RENAME TO "second";
ALTER TABLE "_peewee_mig_first" RENAME TO "first";
