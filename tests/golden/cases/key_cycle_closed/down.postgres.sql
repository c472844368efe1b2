-- 0002_add_city_mayor_id (backward)
-- assumes that PostgreSQL named the foreign key of city (mayor_id) city_mayor_id_fkey
ALTER TABLE "city" DROP CONSTRAINT "city_mayor_id_fkey";
DROP INDEX "city_mayor_id";
ALTER TABLE "city" DROP COLUMN "mayor_id";
