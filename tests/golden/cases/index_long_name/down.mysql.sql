-- 0002_add_averylongnameofamodelindeed_and_and_more (backward)
DROP INDEX `averylongnameofamodelindeed_and_another_one_that_is_long_too` ON `averylongnameofamodelindeed`;
DROP INDEX `averylongnameofamodelindeed_with_an_even_longer_name_of_a_field` ON `averylongnameofamodelindeed`;
ALTER TABLE `averylongnameofamodelindeed` DROP COLUMN `and_another_one_that_is_long_too`;
