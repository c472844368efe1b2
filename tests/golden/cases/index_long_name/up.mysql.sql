-- 0002_add_averylongnameofamodelindeed_and_and_more
-- stops if two rows of averylongnameofamodelindeed have the same with_an_even_longer_name_of_a_field
ALTER TABLE `averylongnameofamodelindeed` ADD COLUMN `and_another_one_that_is_long_too` INTEGER;
CREATE UNIQUE INDEX `averylongnameofamodelindeed_with_an_even_longer_name_of_a_field` ON `averylongnameofamodelindeed` (`with_an_even_longer_name_of_a_field`);
CREATE INDEX `averylongnameofamodelindeed_and_another_one_that_is_long_too` ON `averylongnameofamodelindeed` (`and_another_one_that_is_long_too`);
