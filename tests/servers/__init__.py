"""Database servers of the tests' own: found, started, shared by a run, and gone after it."""
