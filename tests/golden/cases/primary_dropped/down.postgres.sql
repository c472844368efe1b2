-- 0002_drop_event_id (backward)
ALTER TABLE "event" ADD COLUMN "id" SERIAL NOT NULL;
ALTER TABLE "event" ADD PRIMARY KEY ("id");
