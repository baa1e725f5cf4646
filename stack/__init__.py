"""The servers that NTM brings along: a real PostgreSQL and a real Temporal, from wheels."""
