"""Where boxes and lines of a picture are: what must hold for any tables and keys."""

from itertools import combinations, pairwise, product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from peewee_mig.commands.drawing import svg as writer
from peewee_mig.commands.drawing.of_schema import diagram
from peewee_mig.commands.drawing.placing import Item, place
from peewee_mig.commands.drawing.tracks import tracks
from peewee_mig.commands.drawing.wiring import UNIT, Joint, Wire
from peewee_mig.history.folder import read_history

ROOT = Path(__file__).parents[2]


@st.composite
def pictures(draw):
    names = [f"t{number}" for number in range(draw(st.integers(1, 10)))]
    items = [
        Item(name, draw(st.integers(6, 20)) * UNIT, draw(st.integers(2, 8)) * UNIT)
        for name in names
    ]
    ports = {item.name: st.integers(1, item.height // UNIT - 1) for item in items}
    wires = []
    for _ in range(draw(st.integers(0, 16))):
        box, referred = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        port, other = (draw(ports[each]) * UNIT for each in (box, referred))
        sort = draw(st.sampled_from(["", "added"]))
        wires.append(Wire(box, port, referred, other, sort, draw(st.booleans())))
    # a key has one line, and a box none to the same place of itself
    places = {(wire.box, wire.port): wire for wire in wires}
    return items, [w for w in places.values() if (w.box, w.port) != (w.referred, w.referred_port)]


def rectangles(items, placed):
    for item in items:
        left, top = placed.corners[item.name]
        yield item.name, (left, top, left + item.width, top + item.height)


def segments(line):
    for (x, y), (other_x, other_y) in pairwise(line):
        assert (x == other_x) != (y == other_y), "a line runs straight along one side"
        yield min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def ends(wire):
    return {(wire.box, wire.port), (wire.referred, wire.referred_port)}


def overlap(one, other):
    """Return how wide and how high two rectangles lie on each other; negative: apart."""
    return tuple(
        min(one[side + 2], other[side + 2]) - max(one[side], other[side]) for side in (0, 1)
    )


def ensure_readable(items, wires, placed):
    boxes = dict(rectangles(items, placed))
    for one, other in combinations(boxes.values(), 2):
        assert min(overlap(one, other)) < 0
    for wire, line in zip(wires, placed.lines, strict=True):
        own, referred = boxes[wire.box], boxes[wire.referred]
        assert line[0][1] == own[1] + wire.port
        assert line[0][0] in (own[0], own[2])
        assert line[-1][1] == referred[1] + wire.referred_port
        assert line[-1][0] in (referred[0], referred[2])
        for segment in segments(line):
            for box in boxes.values():
                width, height = overlap(segment, box)
                assert width < 0 or height < 0 or (width == 0 and segment[1] == segment[3])
            assert min(segment) >= 0
            assert segment[2] <= placed.width
            assert segment[3] <= placed.height
    drawn = zip(wires, placed.lines, strict=True)
    for (one, line), (other, second) in combinations(drawn, 2):
        if not ends(one) & ends(other):
            for first, each in product(segments(line), segments(second)):
                assert max(overlap(first, each)) <= 0 or min(overlap(first, each)) < 0


@given(pictures())
def test_boxes_and_lines_are_apart(picture):
    items, wires = picture
    ensure_readable(items, wires, place(items, wires))


@given(pictures(), st.randoms(use_true_random=False))
def test_the_order_of_tables_does_not_matter(picture, random):
    items, wires = picture
    shuffled = random.sample(items, len(items))
    assert place(shuffled, wires).lines == place(items, wires).lines


def test_the_tables_of_the_worked_example_are_apart_and_no_strip():
    drawn = diagram(read_history(ROOT / "migrations").last_schema, "")
    boxes = {box.name: box for box in drawn.boxes}
    items = [Item(box.name, writer._width(box), writer._height(box)) for box in drawn.boxes]
    wires = [writer._wire(link, boxes) for link in drawn.links]
    placed = place(items, wires)
    ensure_readable(items, wires, placed)
    assert 1 < placed.width / placed.height < 3


def test_what_a_table_refers_to_is_on_its_left():
    items = [Item(name, 120, 80) for name in "abc"]
    wires = [Wire("a", 40, "b", 40), Wire("b", 60, "c", 40)]
    placed = place(items, wires)
    left = {name: corner[0] for name, corner in placed.corners.items()}
    assert left["c"] < left["b"] < left["a"]
    assert placed.lines[0][0] == (left["a"], placed.corners["a"][1] + 40)


def test_what_only_a_later_table_refers_to_stands_next_to_it():
    items = [Item(name, 120, 80) for name in ("order", "team", "unit", "vendor")]
    wires = [Wire(*pair) for pair in (("order", 40, "team", 40), ("team", 60, "unit", 40))]
    corners = place(items, [*wires, Wire("order", 60, "vendor", 40)]).corners
    assert corners["vendor"][0] == corners["team"][0]


def test_tables_stand_in_the_order_of_what_they_refer_to():
    items = [Item(name, 120, 80) for name in ("a", "b", "one", "other")]
    placed = place(items, [Wire("a", 40, "other", 40), Wire("b", 40, "one", 40)])
    high = {name: corner[1] for name, corner in placed.corners.items()}
    assert (high["a"] < high["b"]) == (high["other"] < high["one"])
    assert all(len(line) == 4 for line in placed.lines)


def test_tracks_are_in_the_order_that_crosses_least():
    joints = [
        Joint(0, 0, (("left", 0),), (("right", 100),)),
        Joint(1, 0, (("left", 60),), (("right", 160),)),
        Joint(2, 0, (("left", 200),), (("right", 260),)),
    ]
    found = tracks(joints, {"left": 0, "right": 5})
    assert found == {(1, 0): 0, (0, 0): 1, (2, 0): 0}


def test_in_a_circle_the_line_that_may_be_empty_turns_round():
    items = [Item(name, 120, 80) for name in ("person", "team")]
    wires = [Wire("team", 40, "person", 40, weak=True), Wire("person", 60, "team", 40)]
    corners = place(items, wires).corners
    assert corners["team"][0] < corners["person"][0]


def test_a_line_from_a_table_to_itself_runs_beside_it():
    placed = place([Item("person", 120, 80)], [Wire("person", 60, "person", 40)])
    assert placed.lines == (((120, 60), (136, 60), (136, 40), (120, 40)),)


def test_many_tables_around_one_are_no_tower():
    items = [Item(f"t{number:03}", 200, 120) for number in range(100)]
    wires = [Wire(item.name, 60, "t000", 40) for item in items[1:]]
    placed = place(items, wires)
    assert placed.height < 3 * placed.width


def test_nothing_has_no_size():
    placed = place([], [])
    assert (placed.corners, placed.lines) == ({}, ())
