-- 0002_add_person_token
ALTER TABLE `person` ADD COLUMN `token` VARCHAR(40);
UPDATE `person` SET `token` = insert(insert(md5(concat(uuid(), rand())), 13, 1, '4'), 17, 1, 'a') WHERE `token` IS NULL;
ALTER TABLE `person` MODIFY `token` VARCHAR(40) NOT NULL;
CREATE UNIQUE INDEX `person_token` ON `person` (`token`);
