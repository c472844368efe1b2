-- 0002_alter_person_value (backward)
-- migrate stops if person.value has values that are no TEXT in UTF-8
-- LOOK FIRST, this script does not: it must find 0 rows: SELECT count(*) FROM "person" WHERE "value" IS NOT NULL AND (NOT encode("value", 'hex') ~ '^(0[1-9a-f]|[1-7].|(c[2-9a-f]|d.)[89ab].|e0[ab].[89ab].|(e[1-9a-cef]([89ab].){2})|ed[89].[89ab].|f0[9ab].([89ab].){2}|f[123]([89ab].){3}|f48.([89ab].){2})*$');
ALTER TABLE "person" ALTER COLUMN "value" TYPE TEXT USING convert_from("value", 'UTF8');
