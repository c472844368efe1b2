INSERT INTO template_step (id, name) VALUES (1, 'sign'), (2, 'pay');
INSERT INTO workflow_step (id, template_step_id, position) VALUES (1, 1, 1), (2, 1, 2), (3, 2, 1);
INSERT INTO task (step_id) VALUES (1), (1), (3);
