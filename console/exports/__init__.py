"""The record in the forms of the field's own standards; never a household."""
