SELECT phone = '555' AND note = 'x' FROM human WHERE id = 1;
SELECT phone = 'none' AND note IS NULL FROM human WHERE id = 2;
