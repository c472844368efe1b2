"""What ``check --verify`` is made of: scratch databases, generated rows, the way up and down."""
