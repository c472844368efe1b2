-- 0002_alter_item_twice_and_item_price (backward)
-- migrate stops if item.price has values that are no INT
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM `item` WHERE `price` IS NOT NULL AND (`price` NOT BETWEEN -2147483648 AND 2147483647 OR `price` <> round(`price`));
ALTER TABLE `item` MODIFY `price` INTEGER NOT NULL;
ALTER TABLE `item` MODIFY `twice` INTEGER GENERATED ALWAYS AS (`price` * 2) STORED;
