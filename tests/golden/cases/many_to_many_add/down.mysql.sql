-- 0002_create_person_role_through (backward)
DROP TABLE `person_role_through`;
