"""Pictures of histories and schemas: pure, from values to text."""
