-- 0002_add_city_mayor_id
ALTER TABLE "city" ADD COLUMN "mayor_id" INTEGER;
CREATE INDEX "city_mayor_id" ON "city" ("mayor_id");
ALTER TABLE "city" ADD FOREIGN KEY ("mayor_id") REFERENCES "person" ("id");
