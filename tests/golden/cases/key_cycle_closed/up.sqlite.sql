-- 0002_add_city_mayor_id
ALTER TABLE "city" ADD COLUMN "mayor_id" INTEGER REFERENCES "person" ("id");
CREATE INDEX "city_mayor_id" ON "city" ("mayor_id");
