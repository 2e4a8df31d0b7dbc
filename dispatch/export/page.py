"""The month as one page that prints on A4: one file, no scripts, nothing fetched from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from dispatch.export.plain import month_dict
from dispatch.export.words import Words, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

    from dispatch.compliance import Month


def html_text(month: Month, lang: str = "zh", texts: Mapping[str, str] | None = None) -> str:
    """The printable page in `lang`; `texts` stands in for the catalogue. BadInput: no such language."""
    words = Words(texts_of(lang) if texts is None else texts)
    return _template().render(month=month_dict(month), lang=lang, t=words)


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = PackageLoader("dispatch", "web/templates")
    page = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return page.get_template("month_print.html")
