-- 0001_initial (backward)
DROP TABLE "person";
DROP TABLE "organization";
