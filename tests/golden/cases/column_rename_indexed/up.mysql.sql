-- 0002_rename_person_email_to_mail_and_more
ALTER TABLE `person` RENAME COLUMN `email` TO `mail`;
ALTER TABLE `person` RENAME INDEX `person_email` TO `person_mail`;
