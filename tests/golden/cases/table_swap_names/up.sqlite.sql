-- 0002_rename_second_to_first_and_more
ALTER TABLE "first" RENAME TO "_peewee_mig_first";
ALTER TABLE "second" RENAME TO "first";
ALTER TABLE "_peewee_mig_first" RENAME TO "second";
DROP INDEX "second_first_id";
CREATE INDEX "first_first_id" ON "first" ("first_id");
DROP INDEX "second_two";
CREATE INDEX "first_two" ON "first" ("two");
DROP INDEX "first_one";
CREATE INDEX "second_one" ON "second" ("one");
