"""Drop table track (id, album_id, successor_id), and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # data-loss: the rows of track are lost; a rollback brings it back empty
    op.drop_table(
        "track",
        op.column("id", "AUTO"),
        op.column("album_id", "INT"),
        op.column("successor_id", "INT", null=True),
        op.primary_key("id"),
        op.index("track_album_id", "album_id"),
        op.index("track_successor_id", "successor_id"),
        op.foreign_key("album_id", "album", "id", on_delete="CASCADE"),
        op.foreign_key("successor_id", "track", "id"),
    ),
    # data-loss: the rows of album are lost; a rollback brings it back empty
    op.drop_table(
        "album",
        op.column("id", "AUTO"),
        op.column("owner_id", "INT"),
        op.column("title", "TEXT"),
        op.primary_key("id"),
        op.index("album_owner_id", "owner_id"),
        op.foreign_key("owner_id", "person", "id"),
    ),
]
