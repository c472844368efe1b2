-- 0002_add_event_id
ALTER TABLE "event" ADD COLUMN "id" SERIAL NOT NULL;
ALTER TABLE "event" ADD PRIMARY KEY ("id");
