"""How long the program takes to start: ``make bench`` (not part of the tests)."""

import statistics
import subprocess
import sys
import time

import pytest

RUNS = 10


@pytest.mark.parametrize("args", [["-c", "pass"], ["-m", "peewee_mig", "status", "--help"]])
def test_start(args):
    times = sorted(_seconds([sys.executable, *args]) for _ in range(RUNS))
    words = " ".join(["python", *args])
    print(f"\n{words}: median {statistics.median(times):.3f} s, best {times[0]:.3f} s")


def _seconds(command):
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun
