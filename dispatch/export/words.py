"""What the month's files say in the reader's language, from the same catalogue as the pages."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from dispatch import paths
from dispatch.errors import BadInput, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=4)
def texts_of(lang: str) -> Mapping[str, str]:
    """The catalogue of `lang` ("zh", "en"); raises BadInput when there is none."""
    known = sorted(path.stem for path in paths.TEXTS.glob("*.json"))
    if lang not in known:
        detail = f"there are no texts in {lang[:20]!r}; choose one of {', '.join(known)}."
        raise BadInput(detail, (Fault("lang", f"must be one of {', '.join(known)}"),))
    texts: dict[str, str] = json.loads((paths.TEXTS / f"{lang}.json").read_text("utf-8"))
    return texts


class Words:
    """Texts by key, with `{name}` filled in; the key itself when nobody has written it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, /, **names: object) -> str:
        """The text of `key`."""
        return _NAME.sub(lambda found: str(names.get(found[1], found[0])), self._texts.get(key, key))

    def known(self, prefix: str, code: str | None, otherwise: str = "") -> str:
        """The text of `prefix.code`; the code itself when it is newer than the catalogue."""
        return self._texts.get(f"{prefix}.{code}", code) if code else otherwise
