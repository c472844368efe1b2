-- 0002_add_grant_id_and_alter_grant_person_role (backward)
-- stops if two rows of grant have the same person, role
ALTER TABLE `grant` DROP PRIMARY KEY, MODIFY `id` INTEGER NOT NULL;
ALTER TABLE `grant` ADD PRIMARY KEY (`person`, `role`);
ALTER TABLE `grant` DROP COLUMN `id`;
