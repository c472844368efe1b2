"""rollback --unknown on live databases of every engine: back to what the files make."""

from live_world import BASE, BUMP, ROWS, STEPS, LiveWorld


def test_what_has_no_file_is_undone(tmp_path, live):
    world = LiveWorld(tmp_path, live)
    names = world.write(*BASE, BUMP)
    world.migrate()
    world.sql("SELECT 1", *ROWS)
    before = world.state()
    gone = world.write(*STEPS[:3])
    world.migrate()
    for name in reversed(gone):
        world.remove(name)
    done = world.rollback(unknown=True, allow_data_loss=["all"])
    assert [(each.name, each.direction) for each in done.applied] == [
        (name, "backward") for name in reversed(gone)
    ]
    assert world.applied() == names
    after = world.state()
    # A dropped column comes back empty.
    notes = [(*row[:2], None, *row[3:]) for row in before.pop("notes")]
    assert after.pop("notes") == notes
    assert after == before
