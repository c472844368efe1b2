-- 0002_drop_grant_id
-- stops if two rows of grant have the same person, role
ALTER TABLE `grant` DROP PRIMARY KEY, MODIFY `id` INTEGER NOT NULL;
ALTER TABLE `grant` ADD PRIMARY KEY (`person`, `role`);
ALTER TABLE `grant` DROP COLUMN `id`;
