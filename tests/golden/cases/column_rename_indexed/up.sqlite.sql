-- 0002_rename_person_email_to_mail_and_more
ALTER TABLE "person" RENAME COLUMN "email" TO "mail";
DROP INDEX "person_email";
CREATE INDEX "person_mail" ON "person" ("mail");
