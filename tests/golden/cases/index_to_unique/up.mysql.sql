-- 0002_drop_index_person_team_and_add_unique_person_team
-- migrate stops if two rows of person have the same team
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM (SELECT `team` FROM `person` WHERE `team` IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice;
DROP INDEX `person_team` ON `person`;
CREATE UNIQUE INDEX `person_team` ON `person` (`team`);
