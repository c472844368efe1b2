"""What must hold for the picture of any schema, and of any change, with any names in it."""

from hypothesis import given
from hypothesis import strategies as st
from picture_grammars import DBML, MERMAID, ensure_grammar, words_of
from rich import rich_changes

from peewee_mig.commands.drawing.dbml import dbml
from peewee_mig.commands.drawing.mermaid import er_diagram
from peewee_mig.commands.drawing.of_difference import difference_diagram
from peewee_mig.commands.drawing.of_schema import diagram
from peewee_mig.commands.drawing.svg import svg
from peewee_mig.diff import diff
from peewee_mig.operations import replay


@given(st.sampled_from(["sqlite", "postgres", "mysql"]), st.data())
def test_a_picture_shows_all_and_is_of_its_grammar(engine, data):
    change = data.draw(rich_changes(engine))
    operations = diff(change.before, change.after, change.renames, change.fills)
    after = replay(operations, change.before)
    changed = difference_diagram(change.before, after, "b", operations)
    for picture in (
        diagram(change.before, "a"),
        changed,
        difference_diagram(change.before, after, "c").only_changed(),
    ):
        ensure_grammar(MERMAID, er_diagram(picture))
        ensure_grammar(DBML, dbml(picture))
        assert picture.title in words_of(svg(picture))
    ensure_all_is_shown(change, after, changed)
    assert difference_diagram(after, after, "").changes == 0


def ensure_all_is_shown(change, after, picture):
    boxes = {box.name: box for box in picture.boxes if box.table is not None}
    assert after.names == {name for name, box in boxes.items() if box.status != "removed"}
    for table in after:
        rows = [row for row in boxes[table.name].rows if row.status != "removed"]
        assert [row.column for row in rows] == [*table.columns]
    renamed = change.renames.tables
    for name in change.before.names:
        if name in renamed:
            assert boxes[renamed[name]].was == name
        elif name in after and name not in renamed.values():
            assert (boxes[name].status != "removed", boxes[name].was) == (True, "")
        else:
            gone = boxes[f"{name} (before)" if name in after else name]
            assert gone.status == "removed"
