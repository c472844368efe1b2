-- 0002_create_badge (backward)
DROP TABLE "badge";
