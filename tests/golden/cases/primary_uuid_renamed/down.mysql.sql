-- 0002_rename_document_id_to_uid_and_more (backward)
ALTER TABLE `version` RENAME INDEX `version_source_id` TO `version_document_id`;
ALTER TABLE `version` RENAME COLUMN `source_id` TO `document_id`;
ALTER TABLE `document` RENAME COLUMN `uid` TO `id`;
