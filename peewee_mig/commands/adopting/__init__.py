"""Tools that a project may use instead: what they leave in files and databases."""
