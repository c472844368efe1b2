-- 0002_add_person_nickname (backward)
ALTER TABLE "person" DROP COLUMN "nickname";
