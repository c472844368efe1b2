-- 0002_drop_key_chair_desk_and_desk
-- assumes that the foreign key of chair (desk) is named chair_ibfk_1
ALTER TABLE `chair` DROP FOREIGN KEY `chair_ibfk_1`;
DROP TABLE `desk`;
