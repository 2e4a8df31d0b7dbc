"""The key that signs sessions: from the environment, else made on the first start and kept by its owner."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.errors import SetupError
from dispatch.paths import LOCAL

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST_KEY = 32  # characters; fewer can be guessed


def secret_key(environ: Mapping[str, str] = os.environ, local_dir: Path = LOCAL) -> bytes:
    """The key that signs sessions: DISPATCH_SECRET_KEY, or the file named by DISPATCH_SECRET_KEY_FILE.

    With neither, `secret.key` in `local_dir`, made on the first start and readable by its owner only.
    SetupError when a key is unreadable or shorter than 32 characters.
    """
    if key := environ.get("DISPATCH_SECRET_KEY"):
        return _long_enough(key.encode(), "DISPATCH_SECRET_KEY")
    if named := environ.get("DISPATCH_SECRET_KEY_FILE"):
        return _key_in(Path(named))
    file = local_dir / "secret.key"
    if not file.exists():
        _make_key(file)
    return _key_in(file)


def _make_key(file: Path) -> None:
    """A new key, whole or not at all: of two processes that start at once, the first to link its own wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_hex(32))
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()


def _key_in(file: Path) -> bytes:
    try:
        return _long_enough(file.read_bytes().strip(), str(file))
    except OSError as error:
        raise SetupError(f"cannot read the secret key {file}: {error.strerror}") from error


def _long_enough(key: bytes, source: str) -> bytes:
    if len(key) < SHORTEST_KEY:
        raise SetupError(f"the secret key in {source} is too short: use {SHORTEST_KEY} characters or more")
    return key
