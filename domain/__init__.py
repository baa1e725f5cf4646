"""The rules of public works: pure Python, standard library only."""
