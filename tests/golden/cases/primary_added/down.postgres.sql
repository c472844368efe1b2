-- 0002_add_event_id (backward)
-- assumes that PostgreSQL named the primary key of event (id) event_pkey
ALTER TABLE "event" DROP CONSTRAINT "event_pkey";
ALTER TABLE "event" DROP COLUMN "id";
