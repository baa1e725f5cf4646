"""Spreadsheets that people hand in, read as a careful clerk would read them."""
