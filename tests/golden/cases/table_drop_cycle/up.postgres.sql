-- 0002_drop_right_and_left
-- assumes that PostgreSQL named the foreign key of left (right_id) left_right_id_fkey
ALTER TABLE "left" DROP CONSTRAINT "left_right_id_fkey";
DROP TABLE "right";
DROP TABLE "left";
