"""Planning: order, guards and hazards of operations, for one database. Pure."""
