-- 0002_drop_person_role_through
DROP TABLE `person_role_through`;
