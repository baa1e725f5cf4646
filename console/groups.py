"""How every group of commands is made."""

import typer


def group(about: str = "") -> typer.Typer:
    """A group of commands; with plain help, for importing Rich only to draw it costs 0.2 s."""
    return typer.Typer(
        help=about or None, no_args_is_help=True, rich_markup_mode=None, add_completion=False
    )
