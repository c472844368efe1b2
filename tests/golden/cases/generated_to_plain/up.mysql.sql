-- 0002_alter_item_twice_and_item_price
ALTER TABLE `item` MODIFY `twice` INTEGER;
ALTER TABLE `item` MODIFY `price` BIGINT NOT NULL;
