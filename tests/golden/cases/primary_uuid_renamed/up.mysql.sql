-- 0002_rename_document_id_to_uid_and_more
ALTER TABLE `document` RENAME COLUMN `id` TO `uid`;
ALTER TABLE `version` RENAME COLUMN `document_id` TO `source_id`;
ALTER TABLE `version` RENAME INDEX `version_document_id` TO `version_source_id`;
