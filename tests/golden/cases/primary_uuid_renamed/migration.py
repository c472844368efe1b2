"""Rename column document.id to uid, and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says id breaks
    op.rename_column("document", "id", "uid"),
    # rename: code that still says document_id breaks
    op.rename_column("version", "document_id", "source_id"),
    op.rename_index("version", "version_document_id", "version_source_id"),
]
