-- 0002_rename_person_email_to_mail_and_more (backward)
ALTER INDEX "person_mail_name" RENAME TO "person_email_name";
ALTER INDEX "person_mail" RENAME TO "person_email";
ALTER TABLE "person" RENAME COLUMN "mail" TO "email";
