from peewee import ForeignKeyField, IntegerField, Model, TextField


class TemplateStep(Model):
    name = TextField()

    class Meta:
        legacy_table_names = False


class WorkflowStep(Model):
    template_step = ForeignKeyField(TemplateStep, on_delete="RESTRICT")
    position = IntegerField()

    class Meta:
        legacy_table_names = False
        indexes = ((("template_step", "position"), True),)


class Task(Model):
    step = ForeignKeyField(WorkflowStep, on_delete="CASCADE")
