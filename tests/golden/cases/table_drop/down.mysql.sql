-- 0002_drop_note (backward)
CREATE TABLE `note` (
  `id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY,
  `text` TEXT NOT NULL
);
