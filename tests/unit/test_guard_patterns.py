"""Texts that the servers would refuse as dates and times are told before a migration runs."""

import re

import pytest

from peewee_mig.dialects.guards import DATE_PATTERN, TIME_PATTERN, WHOLE_TIME_PATTERN


@pytest.mark.parametrize(
    "text", ["2024-01-31", "2023-02-28", "2024-02-29", "2000-02-29", "1999-12-31", "2023-11-30"]
)
def test_days_that_exist(text):
    assert re.fullmatch(DATE_PATTERN, text)


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-10", "24-1-1"],
)
def test_days_that_do_not_exist(text):
    assert not re.fullmatch(DATE_PATTERN, text)


@pytest.mark.parametrize("text", ["00:00", "23:59:59", "12:30:00.123456"])
def test_times_of_day(text):
    assert re.fullmatch(TIME_PATTERN, text)


@pytest.mark.parametrize("text", ["24:00", "12:60", "12:00:60", "1:00", "12", "12:00:00.1234567"])
def test_no_times_of_day(text):
    assert not re.fullmatch(TIME_PATTERN, text)


def test_fractions_that_a_server_would_cut():
    assert re.fullmatch(WHOLE_TIME_PATTERN, "12:30:00.000")
    assert not re.fullmatch(WHOLE_TIME_PATTERN, "12:30:00.5")
