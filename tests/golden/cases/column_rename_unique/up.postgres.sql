-- 0002_rename_person_email_to_mail_and_more
ALTER TABLE "person" RENAME COLUMN "email" TO "mail";
ALTER INDEX "person_email" RENAME TO "person_mail";
ALTER INDEX "person_email_name" RENAME TO "person_mail_name";
