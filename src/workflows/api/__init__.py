"""The door for programs: figures from other systems, by token, described in OpenAPI."""
