-- 0002_rename_person_email_to_mail_and_more
ALTER TABLE "person" RENAME COLUMN "email" TO "mail";
DROP INDEX "person_email";
CREATE UNIQUE INDEX "person_mail" ON "person" ("mail");
DROP INDEX "person_email_name";
CREATE INDEX "person_mail_name" ON "person" ("mail", "name");
