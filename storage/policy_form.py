"""The form of the law: TOML and JSON read into its rows, its canonical text and its version."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from storage.policy_checks import PolicyError

_Parsed = TypeVar("_Parsed")


_FORMS: dict[type[Any], TypeAdapter[Any]] = {}


def _form(row_type: type[_Parsed]) -> TypeAdapter[_Parsed]:
    """Built once for each kind of row: hundreds of rows cost every command a second otherwise."""
    if row_type not in _FORMS:
        _FORMS[row_type] = TypeAdapter(row_type)
    return _FORMS[row_type]


def table(path: Path) -> Mapping[str, Any]:
    """A file as TOML, or `PolicyError`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise PolicyError(f"{path}: is missing") from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise PolicyError(f"{path}: is not TOML: {wrong}") from wrong


def valid(where: str, row_type: type[_Parsed], raw: object) -> _Parsed:
    """A row as its dataclass. By way of JSON, for in Python form strict types refuse `"chair"`."""
    try:
        return _form(row_type).validate_json(json.dumps(raw, default=str))
    except ValidationError as wrong:
        raise PolicyError(explain(where, wrong, row_type)) from wrong


def explain(where: str, wrong: ValidationError, row_type: type[Any]) -> str:
    """What is wrong with a row, field by field."""
    said = []
    for error in wrong.errors():
        field = ".".join(str(part) for part in error["loc"])
        match error["type"]:
            case "unexpected_keyword_argument":
                known = ", ".join(one.name for one in fields(row_type))
                nested = len(error["loc"]) > 1
                said.append(
                    f"{field} = {error['input']!r}: is no field"
                    + ("" if nested else f"; fields are {known}")
                )
            case "missing":
                said.append(f"{field}: is missing")
            case _:
                said.append(f"{field} = {error['input']!r}: {error['msg']}")
    return f"{where}: {'; '.join(said)}"


def plain(row_type: type[_Parsed], row: _Parsed) -> dict[str, Any]:
    """A row as what JSON can hold."""
    content: dict[str, Any] = _form(row_type).dump_python(row, mode="json")
    return content


def canonical(content: Mapping[str, Any]) -> str:
    """The same content is always the same text."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def version_of(content: Mapping[str, Any]) -> str:
    """Names a content: the first 12 hex digits of its SHA-256, its own version left out."""
    bare = {name: part for name, part in content.items() if name != "version"}
    return hashlib.sha256(canonical(bare).encode()).hexdigest()[:12]
