-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no TEXT in UTF-8
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (typeof("value") = 'blob' AND (instr("value", x'00') OR EXISTS (WITH RECURSIVE part(head, rest) AS (SELECT '', CAST("value" AS TEXT) UNION ALL SELECT substr(rest, 1, 1000), substr(rest, 1001) FROM part WHERE rest <> ''), letter(head, rest) AS (SELECT '', head FROM part UNION ALL SELECT substr(rest, 1, 1), substr(rest, 2) FROM letter WHERE rest <> '') SELECT 1 FROM letter WHERE head <> '' AND char(unicode(head)) <> head)));
-- rebuild of person: triggers, hand-made indexes, defaults, checks and options found in the database are carried over
CREATE TABLE "_peewee_mig_new_person" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(80) NOT NULL,
  "value" TEXT
);
INSERT INTO "_peewee_mig_new_person" ("id", "name", "value")
SELECT "id", "name", CAST("value" AS TEXT) FROM "person";
PRAGMA legacy_alter_table = ON;
DROP TABLE "person";
ALTER TABLE "_peewee_mig_new_person" RENAME TO "person";
PRAGMA legacy_alter_table = OFF;
