"""Which short pieces of a key the index files it under: a key with a wrong letter still shares most.

Two characters where Chinese is written, three elsewhere; the ends are marked.
"""

from __future__ import annotations

from dispatch.gazetteer.chinese import is_chinese

MAX_KEY = 120  # a longer key is a pasted text


def grams(key: str) -> list[str]:
    """The distinct pieces of `key`, in their order; empty for an empty key."""
    size = 2 if is_chinese(key) else 3
    ended = f"_{key[:MAX_KEY]}_"
    return list(dict.fromkeys(ended[at : at + size] for at in range(len(ended) - size + 1))) if key else []
