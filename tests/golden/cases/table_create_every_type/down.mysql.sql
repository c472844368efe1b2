-- 0002_create_everything (backward)
DROP TABLE `everything`;
