"""Options and profiles of the test run."""

import os
import signal
import threading

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["servers.plugin"]

# What the commands read from the environment is each test's to say, not that of the machine
# (a CI runner sets CI, a developer's shell may name a database).
_KEPT = {"PEEWEE_MIG_REQUIRE", "PEEWEE_MIG_TEST_PSYCOPG"}
for _name in list(os.environ):
    if _name not in _KEPT and (
        _name in {"CI", "DATABASE_URL", "FORCE_COLOR", "NO_COLOR"}
        or _name.startswith(("PEEWEE_MIG_", "PG", "MYSQL_"))
    ):
        del os.environ[_name]

# Nor whether it was started as a job that ignores Ctrl-C: what tests start inherits that.
if (
    threading.current_thread() is threading.main_thread()
    and signal.getsignal(signal.SIGINT) == signal.SIG_IGN
):
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "quick",
    max_examples=16,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the golden files with what is made"
    )


@pytest.fixture(scope="session")
def update_golden(request):
    return request.config.getoption("--update-golden")
