"""The migrations folder: modules, snapshots, their order and their checks; the tables."""
