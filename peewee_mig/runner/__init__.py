"""Runs plans: lock, transaction, statements, history row."""
