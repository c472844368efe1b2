-- 0002_drop_key_chair_desk_and_desk
-- assumes that PostgreSQL named the foreign key of chair (desk) chair_desk_fkey
ALTER TABLE "chair" DROP CONSTRAINT "chair_desk_fkey";
DROP TABLE "desk";
