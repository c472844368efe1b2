"""Two schemas -> operations; renames as questions and answers. Knows no database."""

from peewee_mig.diff.differ import diff
from peewee_mig.diff.questions import candidates
from peewee_mig.diff.renames import Candidate, Renames

__all__ = ["Candidate", "Renames", "candidates", "diff"]
