"""Workflows: templates with their steps, and the instances, steps and tasks made of them."""

from __future__ import annotations

import uuid

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    JSONField,
    SmallIntegerField,
    TextField,
    UUIDField,
)

from models.base import BaseModel, TimestampedModel
from models.documents import Document
from models.organizations import Organization
from models.people import Person
from models.teams import Team
from peewee_mig import View


class WorkflowTemplate(TimestampedModel):
    """The plan of a workflow, such as the arrival of a new colleague."""

    organization = ForeignKeyField(Organization, backref="workflow_templates", on_delete="CASCADE")
    name = CharField(max_length=120)
    active = BooleanField(default=True)

    class Meta:
        indexes = ((("organization", "name"), True),)


class TemplateStep(BaseModel):
    """A step of a plan."""

    template = ForeignKeyField(WorkflowTemplate, backref="steps", on_delete="CASCADE")
    position = SmallIntegerField()
    name = CharField(max_length=120)
    instructions = TextField(default="")
    team = ForeignKeyField(Team, backref="template_steps", null=True, on_delete="SET NULL")

    class Meta:
        indexes = ((("template", "position"), True),)


class WorkflowInstance(TimestampedModel):
    """A run of a plan."""

    id = UUIDField(primary_key=True, default=uuid.uuid4)
    template = ForeignKeyField(WorkflowTemplate, backref="instances", on_delete="RESTRICT")
    subject = ForeignKeyField(Person, backref="workflows", null=True, on_delete="SET NULL")
    context = JSONField(default=dict)
    finished_at = DateTimeField(null=True)


class WorkflowStep(BaseModel):
    """A step of a run; it stays when the step of the plan that it was made of goes."""

    instance = ForeignKeyField(WorkflowInstance, backref="steps", on_delete="CASCADE")
    template_step = ForeignKeyField(
        TemplateStep, backref="workflow_steps", null=True, on_delete="SET NULL"
    )
    position = SmallIntegerField()
    name = CharField(max_length=120)
    state = CharField(
        max_length=20, default="waiting", index=True, constraints=[SQL("DEFAULT 'waiting'")]
    )

    class Meta:
        indexes = ((("instance", "position"), True),)
        constraints = (
            Check("state IN ('waiting', 'open', 'done', 'skipped')", name="workflow_step_state"),
        )


class Task(TimestampedModel):
    """Something that a person has to do for a step."""

    step = ForeignKeyField(WorkflowStep, backref="tasks", on_delete="CASCADE")
    assignee = ForeignKeyField(Person, backref="tasks", null=True, on_delete="SET NULL")
    document = ForeignKeyField(Document, backref="tasks", null=True, on_delete="SET NULL")
    title = CharField(max_length=160)
    due_at = DateTimeField(null=True)
    done_at = DateTimeField(null=True)
    is_done = BooleanField(
        null=True, constraints=[SQL("GENERATED ALWAYS AS (done_at IS NOT NULL) STORED")]
    )

    class Meta:
        indexes = ((("assignee", "done_at"), False),)


open_tasks = View(
    "open_tasks",
    Task.select(Task.id, Task.title, Task.assignee, Task.due_at).where(Task.done_at.is_null()),
)


class TaskComment(TimestampedModel):
    """What somebody said about a task."""

    task = ForeignKeyField(Task, backref="comments", on_delete="CASCADE")
    author = ForeignKeyField(Person, backref="comments", null=True, on_delete="SET NULL")
    text = TextField()
