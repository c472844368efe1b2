-- 0001_initial
CREATE TABLE `organization` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `name` VARCHAR(255) NOT NULL
);
CREATE UNIQUE INDEX `organization_name` ON `organization` (`name`);
CREATE TABLE `person` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `organization_id` INTEGER NOT NULL,
  `manager_id` INTEGER,
  `email` VARCHAR(255) NOT NULL,
  FOREIGN KEY (`manager_id`) REFERENCES `person` (`id`) ON DELETE SET NULL,
  FOREIGN KEY (`organization_id`) REFERENCES `organization` (`id`) ON DELETE CASCADE
);
CREATE INDEX `person_email` ON `person` (`email`);
CREATE INDEX `person_manager_id` ON `person` (`manager_id`);
CREATE INDEX `person_organization_id` ON `person` (`organization_id`);
CREATE UNIQUE INDEX `person_organization_id_email` ON `person` (`organization_id`, `email`);
