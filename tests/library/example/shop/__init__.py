"""A shop that uses peewee_mig as a library: the example that mypy checks and a wheel holds."""
