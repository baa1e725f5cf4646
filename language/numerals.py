"""Numbers as the reader writes them: 1.234,5 in Vietnam, 1,234.5 in English."""

from language.catalogue import Language, reader

_SWAPPED = str.maketrans(".,", ",.")


def grouped(number: int) -> str:
    """A whole number, its thousands grouped."""
    return of_english(f"{number:,}")


def of_english(number: str) -> str:
    """A number that was written the English way, as `25.8` or `1,545.5`."""
    return number.translate(_SWAPPED) if reader() is Language.VIETNAMESE else number
