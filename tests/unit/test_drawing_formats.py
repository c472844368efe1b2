"""Pictures of schemas in Mermaid, DBML and SVG: what they say, and that it is of the grammar."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from drawing_world import AFTER, BEFORE, OPERATIONS
from picture_grammars import DBML, MERMAID, SVG, ensure_grammar, parsed, words_of

from peewee_mig import op
from peewee_mig.commands.drawing.dbml import dbml
from peewee_mig.commands.drawing.mermaid import er_diagram
from peewee_mig.commands.drawing.of_difference import difference_diagram
from peewee_mig.commands.drawing.of_schema import diagram
from peewee_mig.commands.drawing.svg import svg
from peewee_mig.operations import replay
from peewee_mig.schema.schema import Schema

WHOLE = diagram(BEFORE, "the start")
CHANGED = difference_diagram(BEFORE, AFTER, "all of it", OPERATIONS)


def boxes(picture):
    return {box.name: box for box in picture.boxes}


def rows(box):
    return {row.column.name: (row.status, row.words) for row in box.rows}


def links(picture):
    return [(link.box, link.label, link.referred, link.status) for link in picture.links]


def test_a_schema_is_boxes_with_marked_columns_and_links_between():
    found = boxes(WHOLE)
    marks = {row.column.name: row.marks for row in found["human"].rows}
    assert marks == {
        "id": ("PK",),
        "surname": (),
        "fax": (),
        "email": ("UK",),
        "team_id": ("FK",),
        "boss_id": ("FK",),
    }
    assert (found["names"].kind, found["names"].rows) == ("view", ())
    assert links(WHOLE) == [
        ("human", "team_id", "team", ""),
        ("human", "boss_id", "human", ""),
        ("names", "reads", "team", ""),
    ]
    assert [link.optional for link in WHOLE.links] == [False, True, False]
    assert [note.words for note in WHOLE.beside] == ["enum type mood (sad, it's ok)"]


def test_a_difference_tells_what_became_of_each_thing():
    found = boxes(CHANGED)
    assert {name: (box.status, box.was) for name, box in found.items()} == {
        "alone": ("", ""),
        "badge": ("added", ""),
        "names": ("removed", ""),
        "person": ("changed", "human"),
        "team": ("changed", ""),
        "visit": ("removed", ""),
    }
    assert rows(found["person"]) == {
        "id": ("", ""),
        "family_name": ("changed", "VARCHAR(80), was surname"),
        "fax": ("removed", ""),
        "email": ("changed", "TEXT NULL, was VARCHAR(180) NOT NULL"),
        "team_id": ("", ""),
        "boss_id": ("", ""),
    }
    assert [row.column.name for row in found["person"].rows][:4] == [
        "id",
        "family_name",
        "fax",
        "email",
    ], "what went is where it was"
    assert [(note.words, note.status) for note in found["person"].notes if note.status] == [
        ("unique index person_names (family_name, team_id)", "added"),
        ("check person_email (\"email\" <> 'it''s')", "added"),
    ]
    assert links(CHANGED) == [
        ("badge", "person_id", "person", "added"),
        ("person", "boss_id", "person", "removed"),
        ("person", "team_id", "team", ""),
        ("team", "lead_id", "person", "added"),
        ("names", "reads", "team", "removed"),
    ]
    assert ("trigger touched on team", "added") in [(n.words, n.status) for n in CHANGED.beside]


def test_without_the_operations_a_rename_is_one_that_went_and_one_that_came():
    found = boxes(difference_diagram(BEFORE, AFTER, ""))
    assert (found["human"].status, found["person"].status) == ("removed", "added")


def test_the_same_schema_twice_has_no_status():
    same = difference_diagram(AFTER, AFTER, "")
    assert same.changes == 0
    assert same.only_changed().boxes == ()


def test_what_made_way_for_a_namesake_keeps_a_name_of_its_own():
    operations = [
        op.rename_table("team", "old_team"),
        op.create_table("team", op.column("id", "AUTO"), op.primary_key("id")),
        op.drop_column("alone", op.column("price", "DECIMAL(10, 2)", default="5")),
        op.add_column("alone", op.column("other", "INT")),
        op.rename_column("alone", "other", "price"),
    ]
    before = replay([op.add_column("alone", op.column("kept", "INT"))], BEFORE)
    before = before.with_objects(())
    found = boxes(difference_diagram(before, replay(operations, before), "", operations))
    assert (found["old_team"].was, found["team"].status) == ("team", "added")
    assert rows(found["alone"])["price"][0] == "changed"


def test_another_key_of_the_same_columns_is_a_new_line():
    operations = [
        op.drop_foreign_key("human", op.foreign_key("boss_id", "human", "id")),
        op.add_foreign_key("human", op.foreign_key("boss_id", "team", "id")),
        op.alter_foreign_key(
            "human",
            old=op.foreign_key("team_id", "team", "id"),
            new=op.foreign_key("team_id", "team", "id", on_delete="CASCADE"),
        ),
    ]
    found = difference_diagram(BEFORE, replay(operations, BEFORE), "", operations)
    assert links(found)[:3] == [
        ("human", "boss_id", "human", "removed"),
        ("human", "boss_id", "team", "added"),
        ("human", "team_id", "team", "changed"),
    ]
    assert boxes(found)["human"].status == "changed"


def test_an_index_by_a_name_that_nobody_chose_is_the_same():
    human = BEFORE.table("human")
    renamed = replace(human, indexes=(replace(human.indexes[0], name="other"),))
    assert difference_diagram(BEFORE, BEFORE.with_table(renamed), "").changes == 0


def test_a_pattern_keeps_tables_and_folds_those_next_to_them():
    part = WHOLE.only(["hum*"])
    assert [(box.name, box.folded) for box in part.boxes] == [("human", False), ("team", True)]
    assert len(part.links) == 2


def test_only_what_changed_is_drawn_with_what_it_refers_to():
    part = CHANGED.only_changed()
    assert {box.name for box in part.boxes if box.folded} == set()
    assert "alone" not in boxes(part)
    lone = difference_diagram(
        BEFORE, replay([op.add_column("human", op.column("x", "INT"))], BEFORE), ""
    ).only_changed()
    assert [(box.name, box.folded) for box in lone.boxes] == [("human", False), ("team", True)]


@pytest.mark.parametrize("picture", [WHOLE, CHANGED, WHOLE.only(["alone"])])
def test_each_format_is_of_its_grammar(picture):
    ensure_grammar(MERMAID, er_diagram(picture))
    ensure_grammar(DBML, dbml(picture))
    assert picture.title in words_of(svg(picture))


def test_mermaid_says_columns_keys_and_statuses():
    text = er_diagram(CHANGED)
    for line in (
        '  person["~ person, was human"] {',
        "    AUTO id PK",
        '    VARCHAR(80) family_name "~ VARCHAR(80), was surname"',
        '    VARCHAR(40) fax "- NULL"',
        "    INT person_id PK, FK",
        "    CHAR(8) code UK",
        '    … … "+ unique index person_names (family_name, team_id)"',
        '  badge |o--|| person : "+ person_id"',
        '  team }o--o| person : "+ lead_id"',
        "  class badge added",
        "  %% + trigger touched on team",
    ):
        assert line in text.split("\n"), line


def test_mermaid_calls_tables_by_their_names_unless_these_mean_something_there():
    names = ("order_line", "class", "end", 'a"b%', "2nd", "billing.invoice")
    tables = [op.create_table(name, op.column("x y", "int[] 4")) for name in names]
    text = er_diagram(diagram(replay(tables, Schema()), ""))
    ensure_grammar(MERMAID, text)
    assert "  order_line {" in text
    assert '["a&quot;b&percnt;"] {' in text
    assert '["class"] {' in text
    assert '    int_____4 x_y "x y; int[] 4"'.replace("_____4", "[]_4") in text


def test_dbml_says_defaults_indexes_and_what_happens_on_delete():
    text = dbml(CHANGED)
    for line in (
        'Enum "mood" {',
        '  "it\'s ok"',
        'Table "person" [headercolor: #9a6700] {',
        '  "id" AUTO [pk, increment, not null]',
        "  \"family_name\" VARCHAR(80) [not null, note: 'VARCHAR(80), was surname']",
        '    ("family_name", "team_id") [name: \'person_names\', unique]',
        '  "price" DECIMAL(10, 2) [not null, default: `5`]',
        '  "code" CHAR(8) [not null, unique]',
        'Ref: "badge"."person_id" - "person"."id" [delete: cascade, color: #1a7f37]',
        'Ref: "person"."team_id" > "team"."id"',
        "// - names (view)",
    ):
        assert line in text.split("\n"), line


def test_dbml_has_composite_keys_schemas_and_expressions():
    tables = [
        op.create_table(
            "billing.day",
            op.column("year", "INT"),
            op.column("number", "INT", comment="it's\n'of' the \\ year"),
            op.column("twice", "INT", computed='"number" * 2'),
            op.primary_key("year", "number"),
            op.unique("number", "twice", name="both"),
            op.index("low", parts=['lower("twice")'], where='"twice" > 0'),
            op.check('"year" > 0'),
            op.options(comment="days"),
        ),
        op.create_table(
            "entry",
            op.column("y", "INT"),
            op.column("n", "INT"),
            op.column("mood", "mood ring"),
            op.foreign_key(["y", "n"], "billing.day", ["year", "number"]),
        ),
    ]
    text = dbml(diagram(replay(tables, Schema()), ""))
    ensure_grammar(DBML, text)
    for line in (
        'Table "billing"."day" {',
        '    ("year", "number") [pk]',
        '    ("number", "twice") [unique, name: \'both\']',
        "    (`lower(\"twice\")`) [name: 'low', note: 'WHERE \"twice\" > 0']",
        '  "mood" "mood ring" [not null]',
        'Ref: "entry".("y", "n") > "billing"."day".("year", "number")',
        "  Note: 'days; check (\"year\" > 0)'",
        r"""  "number" INT [not null, note: 'it\'s \'of\' the \\ year']""",
    ):
        assert line in text.split("\n"), line


def test_dbml_leaves_a_column_that_refers_to_itself_to_a_comment():
    table = op.create_table(
        "odd", op.column("id", "INT"), op.primary_key("id"), op.foreign_key("id", "odd", "id")
    )
    text = dbml(diagram(replay([table], Schema()), ""))
    assert '// Ref: "odd"."id" - "odd"."id"' in text


def test_svg_shows_every_column_type_and_change():
    words = words_of(svg(CHANGED))
    for word in (
        "~ person, was human",
        "VARCHAR(80), was surname",
        "fax",
        "- names (view)",
        "+ added   - removed   ~ changed",
        "+ trigger touched on team",
        "+ unique index person_names (family_name, team_id)",
    ):
        assert word in words, word


def test_svg_keeps_its_words_inside_of_boxes():
    root = parsed(svg(CHANGED))
    tables = [e for e in root.iter(f"{SVG}g") if e.get("class", "").startswith("table")]
    assert len(tables) == len(CHANGED.boxes)
    for table in tables:
        frame = table.find(f"{SVG}rect[@class='box']")
        left, width = int(frame.get("x")), int(frame.get("width"))
        top, height = int(frame.get("y")), int(frame.get("height"))
        by_line = {}
        for text in table.iter(f"{SVG}text"):
            x, length = int(text.get("x")), 7.3 * len(text.text)
            start = x - length if text.get("text-anchor") else x
            assert left < start, text.text
            assert start + length < left + width, text.text
            assert top < int(text.get("y")) < top + height
            by_line.setdefault(text.get("y"), []).append((start, start + length))
        for spans in by_line.values():
            spans.sort()
            assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_svg_links_say_what_refers_to_what():
    root = parsed(svg(WHOLE))
    titles = [
        e.find(f"{SVG}title").text for e in root.iter(f"{SVG}g") if "link" in e.get("class", "")
    ]
    assert titles == [
        "human (team_id) refers to team (id)",
        "human (boss_id) refers to human (id)",
        "names reads team",
    ]


def test_svg_holds_what_xml_cannot():
    table = op.create_table("a<b>&\x01", op.column('"quoted"', "TEXT", comment="x"))
    words = words_of(svg(diagram(replay([table], Schema()), "]]> & <")))
    assert words == ["]]> & <", "a<b>&\ufffd", '"quoted"', "TEXT"]


def test_a_picture_is_the_same_each_time():
    assert svg(CHANGED) == svg(difference_diagram(BEFORE, AFTER, "all of it", OPERATIONS))
    assert not re.search(r"\d\.\d{4}", svg(CHANGED)), "no long fractions"


def test_a_virtual_table_is_a_box_with_what_is_known_of_it():
    schema = replay(
        [op.create_object(op.virtual_table("search", "fts5", "title", "body"))], Schema()
    )
    (box,) = diagram(schema, "").boxes
    assert box.title == "search (virtual table, fts5)"
    assert [note.words for note in box.notes] == ["title", "body"]
    ensure_grammar(MERMAID, er_diagram(diagram(schema, "")))
    ensure_grammar(DBML, dbml(diagram(schema, "")))
