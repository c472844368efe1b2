-- 0002_rename_person_email_to_mail_and_more (backward)
DROP INDEX "person_mail";
CREATE INDEX "person_email" ON "person" ("mail");
ALTER TABLE "person" RENAME COLUMN "mail" TO "email";
