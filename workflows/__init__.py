"""Waiting, taking turns, retrying, escalating. Rules live in the domain."""
