SELECT count(*) = 2 FROM person WHERE locale = 'en' AND active AND "rank" = -1;
SELECT count(*) = 2 FROM person WHERE quoted = 'it''s 100% \ "so"';
