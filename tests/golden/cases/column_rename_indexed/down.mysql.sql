-- 0002_rename_person_email_to_mail_and_more (backward)
ALTER TABLE `person` RENAME INDEX `person_mail` TO `person_email`;
ALTER TABLE `person` RENAME COLUMN `mail` TO `email`;
