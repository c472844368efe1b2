-- 0002_rename_second_to_first_and_more
ALTER TABLE "first" RENAME TO "_peewee_mig_first";
ALTER TABLE "second" RENAME TO "first";
ALTER TABLE "_peewee_mig_first" RENAME TO "second";
ALTER INDEX "second_mark" RENAME TO "_peewee_mig_second_mark";
ALTER INDEX "first_mark" RENAME TO "second_mark";
ALTER INDEX "_peewee_mig_second_mark" RENAME TO "first_mark";
