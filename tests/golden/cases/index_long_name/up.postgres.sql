-- 0002_add_averylongnameofamodelindeed_and_and_more
-- migrate stops if two rows of averylongnameofamodelindeed have the same with_an_even_longer_name_of_a_field
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT "with_an_even_longer_name_of_a_field" FROM "averylongnameofamodelindeed" WHERE "with_an_even_longer_name_of_a_field" IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
ALTER TABLE "averylongnameofamodelindeed" ADD COLUMN "and_another_one_that_is_long_too" INTEGER;
CREATE UNIQUE INDEX "averylongnameofamodelindeed_with_an_even_longer_name_of_a_field" ON "averylongnameofamodelindeed" ("with_an_even_longer_name_of_a_field");
CREATE INDEX "averylongnameofamodelindeed_and_another_one_that_is_long_too" ON "averylongnameofamodelindeed" ("and_another_one_that_is_long_too");
