"""What the company set: defaults, then `config.toml`, then the environment; `keys.py` explains every key.

Secrets are never in the file: see `secret.py`.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from dispatch.config.forms import meant
from dispatch.config.keys import Config, Merge, Zones
from dispatch.errors import SetupError
from dispatch.paths import from_root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

__all__ = ["SECTIONS", "Config", "Merge", "Zones", "load"]

SECTIONS: dict[str, type[BaseModel]] = {name: type(section) for name, section in Config()}


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings in force: defaults, then the file, then the environment.

    The file is `path`, else the one named by DISPATCH_CONFIG, else `config.toml` of the project, which alone
    may be missing. SetupError, in one line, names the file, section and key of every mistake.
    """
    named = path or (Path(environ["DISPATCH_CONFIG"]) if environ.get("DISPATCH_CONFIG") else None)
    file = from_root(named or "config.toml")
    raw = _read(file) if named or file.exists() else {}
    config = _validated(raw, file.name)
    if url := environ.get("DISPATCH_STORE_URL"):
        store = _validated({"store": {"url": url}}, "DISPATCH_STORE_URL").store
        config = config.model_copy(update={"store": store})
    return config


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(f"cannot read the configuration {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{file.name} is not UTF-8 text: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{file.name} is not TOML: {error}") from error


def _validated(raw: Mapping[str, Any], source: str) -> Config:
    try:
        return Config.model_validate(raw)
    except ValidationError as error:
        raise SetupError(f"{source}: " + "; ".join(_sentence(e) for e in error.errors())) from error


def _sentence(error: ErrorDetails) -> str:
    """One mistake in words: where it stands, what is wrong, what was probably meant."""
    section, *keys = (str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden" and keys:
        return f"[{section}] has no key {keys[0]!r}{meant(keys[0], SECTIONS[section].model_fields)}"
    if error["type"] == "extra_forbidden" and isinstance(error["input"], dict):
        return f"there is no section [{section}]{meant(section, SECTIONS)}"
    if not keys:
        return f"{section!r} stands outside a section: put it under one of [{'], ['.join(SECTIONS)}]"
    where = f"[{section}] {keys[0]}"
    if error["type"] == "value_error":
        return f"{where}: {error['ctx']['error']}"
    return f"{where}: {error['msg'].replace('Input should', 'should')}, not {error['input']!r}"
