"""Parts of commands that work on many tenants."""
