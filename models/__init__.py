"""The worked example: the models of an internal-operations product."""

from models.access import Permission, Role, RoleAssignment, RolePermission
from models.assets import Asset, AssetAssignment, AssetCategory, Vendor
from models.audit import AuditEntry
from models.base import BaseModel, database
from models.documents import Document, DocumentVersion, Tag
from models.organizations import Location, Organization, OrganizationSettings
from models.people import LoginSession, Person, User
from models.reference import Country, Currency
from models.teams import Team, TeamMembership
from models.workflows import (
    Task,
    TaskComment,
    TemplateStep,
    WorkflowInstance,
    WorkflowStep,
    WorkflowTemplate,
)

__all__ = [
    "Asset",
    "AssetAssignment",
    "AssetCategory",
    "AuditEntry",
    "BaseModel",
    "Country",
    "Currency",
    "Document",
    "DocumentVersion",
    "Location",
    "LoginSession",
    "Organization",
    "OrganizationSettings",
    "Permission",
    "Person",
    "Role",
    "RoleAssignment",
    "RolePermission",
    "Tag",
    "Task",
    "TaskComment",
    "Team",
    "TeamMembership",
    "TemplateStep",
    "User",
    "Vendor",
    "WorkflowInstance",
    "WorkflowStep",
    "WorkflowTemplate",
    "database",
]
