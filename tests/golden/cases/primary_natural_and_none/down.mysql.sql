-- 0002_create_currency_and_more (backward)
DROP TABLE `rate`;
DROP TABLE `event`;
DROP TABLE `document`;
DROP TABLE `currency`;
