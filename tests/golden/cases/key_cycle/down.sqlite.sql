-- 0002_create_member_and_team (backward)
DROP TABLE "team";
DROP TABLE "member";
