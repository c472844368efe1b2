-- 0002_create_currency_and_more
CREATE TABLE "currency" (
  "code" CHAR(3) NOT NULL PRIMARY KEY,
  "name" TEXT NOT NULL
);
CREATE TABLE "document" (
  "id" UUID NOT NULL PRIMARY KEY,
  "parent_id" UUID,
  FOREIGN KEY ("parent_id") REFERENCES "document" ("id")
);
CREATE INDEX "document_parent_id" ON "document" ("parent_id");
CREATE TABLE "event" (
  "at" TIMESTAMP NOT NULL,
  "text" TEXT NOT NULL
);
CREATE INDEX "event_at" ON "event" ("at");
CREATE TABLE "rate" (
  "currency_id" CHAR(3) NOT NULL,
  "day" DATE NOT NULL,
  "value" NUMERIC(18, 8) NOT NULL,
  PRIMARY KEY ("currency_id", "day"),
  FOREIGN KEY ("currency_id") REFERENCES "currency" ("code")
);
CREATE INDEX "rate_currency_id" ON "rate" ("currency_id");
