"""Proof of a decision: what is signed, and by which key. Functions of bytes; no clock, no files."""
