"""How this home's programs speak to Temporal: our values, encrypted with its keys."""

from functools import partial
from pathlib import Path

from temporalio.converter import DataConverter

from stack import payload_keys
from workflows.converter import data_converter
from workflows.encryption import Keyring


def keyring(at: Path) -> Keyring:
    """The keys that the environment or this home names. Raises `payload_keys.NoKeys`."""
    return Keyring(partial(payload_keys.read, payload_keys.place(at)))


def converter(at: Path) -> DataConverter:
    """For every client and worker of a home. Raises `payload_keys.NoKeys`."""
    return data_converter(keyring(at))
