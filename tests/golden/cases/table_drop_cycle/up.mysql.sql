-- 0002_drop_right_and_left
-- assumes that the foreign key of left (right_id) is named left_ibfk_1
ALTER TABLE `left` DROP FOREIGN KEY `left_ibfk_1`;
DROP TABLE `right`;
DROP TABLE `left`;
