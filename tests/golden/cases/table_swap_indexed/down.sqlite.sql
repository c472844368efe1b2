-- 0002_rename_second_to_first_and_more (backward)
DROP INDEX "first_mark";
CREATE INDEX "_peewee_mig_second_mark" ON "first" ("mark");
DROP INDEX "second_mark";
CREATE INDEX "first_mark" ON "second" ("mark");
DROP INDEX "_peewee_mig_second_mark";
CREATE INDEX "second_mark" ON "first" ("mark");
ALTER TABLE "second" RENAME TO "_peewee_mig_first";
ALTER TABLE "first" RENAME TO "second";
ALTER TABLE "_peewee_mig_first" RENAME TO "first";
