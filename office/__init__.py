"""How decisions leave a desk: to the case's workflow, or straight to the record."""
