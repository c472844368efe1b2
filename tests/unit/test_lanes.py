"""The lanes of ``graph``: what is drawn can be read back, whatever the history."""

from hypothesis import given
from hypothesis import strategies as st

from peewee_mig.commands.drawing.lanes import MARK, PLAIN, lines

OPENS, JOINS, OWN = set("╭╮┬"), set("╰╯┴"), set("├┤┼")


def drawn(parents):
    return "\n".join(f"{line.lanes}  {line.name}".rstrip() for line in lines([*parents], parents))


def read_back(found):
    """Follow the lanes from the top down, as a person does; return what each name follows."""
    above, parents = {}, {}
    for line in found:
        signs = dict(enumerate(line.lanes[::2]))
        if line.name:
            (own,) = (place for place, sign in signs.items() if sign == MARK)
            parents[line.name] = above.get(own, set())
            above = {place: above[place] for place, sign in signs.items() if sign == "│"}
            above[own] = {line.name}
            continue
        (own,) = (place for place, sign in signs.items() if sign in OWN)
        come = set().union(*(above[place] for place, sign in signs.items() if sign in JOINS))
        opened = {place: above[own] for place, sign in signs.items() if sign in OPENS}
        kept = {place: above[place] for place, sign in signs.items() if sign == "│"}
        above = {**kept, own: above[own] | come, **opened}
    return parents


def test_one_line_of_migrations_is_one_lane():
    assert drawn({"a": (), "b": "a", "c": "b"}) == "●  a\n●  b\n●  c"


def test_branches_leave_a_lane_and_come_back():
    assert drawn({"a": (), "b": "a", "c": "a", "d": "a", "e": "bc", "f": "de"}) == (
        "●      a\n├─┬─╮\n● │ │  b\n│ ● │  c\n│ │ ●  d\n├─╯ │\n●   │  e\n├───╯\n●      f"
    )


def test_a_lane_that_is_in_between_goes_on():
    assert drawn({"a": (), "b": "a", "c": "a", "d": "a", "e": "bd", "f": "c"}) == (
        "●      a\n├─┬─╮\n● │ │  b\n│ ● │  c\n│ │ ●  d\n├─│─╯\n● │    e\n  ●    f"
    )


def test_what_begins_anew_does_not_stand_below_what_ends():
    assert drawn({"a": (), "b": (), "c": "b"}) == "●    a\n  ●  b\n  ●  c"


def test_what_is_not_there_or_comes_later_is_not_drawn():
    assert drawn({"a": "x", "b": "ca", "c": "b"}) == "●  a\n●  b\n●  c"


def test_there_is_a_plain_form_of_every_sign():
    assert "├┤┼─│╭╮┬╰╯┴●○".translate(PLAIN).isascii()


@st.composite
def histories(draw):
    names = [f"m{number:02}" for number in range(draw(st.integers(1, 14)))]
    return {
        name: tuple(draw(st.lists(st.sampled_from(names[:place]), max_size=3))) if place else ()
        for place, name in enumerate(names)
    }


@given(histories())
def test_what_each_migration_depends_on_can_be_read_back(parents):
    found = lines([*parents], parents)
    assert [line.name for line in found if line.name] == [*parents]
    assert read_back(found) == {name: set(on) for name, on in parents.items()}
