"""One language for a while, in the process of a test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from language.catalogue import Language, choose, reader


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak it inside, and afterwards as before."""
    before = reader()
    with patch.dict(os.environ):
        choose(language)
        try:
            yield
        finally:
            choose(before)
