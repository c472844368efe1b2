INSERT INTO document (id) VALUES ('6ba7b8109dad11d180b400c04fd430c8');
INSERT INTO version (document_id) VALUES ('6ba7b8109dad11d180b400c04fd430c8');
