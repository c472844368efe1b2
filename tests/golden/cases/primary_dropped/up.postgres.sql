-- 0002_drop_event_id
-- assumes that PostgreSQL named the primary key of event (id) event_pkey
ALTER TABLE "event" DROP CONSTRAINT "event_pkey";
ALTER TABLE "event" DROP COLUMN "id";
