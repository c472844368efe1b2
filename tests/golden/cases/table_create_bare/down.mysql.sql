-- 0002_create_anything (backward)
DROP TABLE `anything`;
