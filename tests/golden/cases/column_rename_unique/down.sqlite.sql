-- 0002_rename_person_email_to_mail_and_more (backward)
DROP INDEX "person_mail_name";
CREATE INDEX "person_email_name" ON "person" ("mail", "name");
DROP INDEX "person_mail";
CREATE UNIQUE INDEX "person_email" ON "person" ("mail");
ALTER TABLE "person" RENAME COLUMN "mail" TO "email";
