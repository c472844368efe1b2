-- 0002_rename_second_to_first_and_more
ALTER TABLE "first" RENAME TO "_peewee_mig_first";
ALTER TABLE "second" RENAME TO "first";
ALTER TABLE "_peewee_mig_first" RENAME TO "second";
DROP INDEX "second_mark";
CREATE INDEX "_peewee_mig_second_mark" ON "first" ("mark");
DROP INDEX "first_mark";
CREATE INDEX "second_mark" ON "second" ("mark");
DROP INDEX "_peewee_mig_second_mark";
CREATE INDEX "first_mark" ON "first" ("mark");
