INSERT INTO team (id) VALUES (1), (2);
INSERT INTO member (id, team_id) VALUES (1, 1), (2, 2);
UPDATE team SET lead_id = id;
