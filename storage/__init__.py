"""Where facts are kept: PostgreSQL, and the policy files."""
