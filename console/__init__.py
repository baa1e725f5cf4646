"""What people type and see: one module for each group of commands."""
