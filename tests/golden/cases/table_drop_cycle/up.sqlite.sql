-- 0002_drop_right_and_left
DROP TABLE "right";
DROP TABLE "left";
