-- 0002_add_event_id (backward)
ALTER TABLE `event` DROP PRIMARY KEY, MODIFY `id` INTEGER NOT NULL;
ALTER TABLE `event` DROP COLUMN `id`;
