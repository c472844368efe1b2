"""Subcommands: each takes a project and options, returns a value, prints nothing."""
