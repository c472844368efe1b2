SELECT motto = 'off' AND last_seen IS NULL FROM profile WHERE account_id = 2;
SELECT motto = 'on' AND last_seen = 7 FROM profile WHERE account_id = 1;
