-- 0002_rename_second_to_first_and_more (backward)
DROP INDEX "second_one";
CREATE INDEX "first_one" ON "second" ("one");
DROP INDEX "first_two";
CREATE INDEX "second_two" ON "first" ("two");
DROP INDEX "first_first_id";
CREATE INDEX "second_first_id" ON "first" ("first_id");
ALTER TABLE "second" RENAME TO "_peewee_mig_first";
ALTER TABLE "first" RENAME TO "second";
ALTER TABLE "_peewee_mig_first" RENAME TO "first";
