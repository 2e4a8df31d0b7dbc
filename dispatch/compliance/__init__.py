"""Kept, missed, exempt or open: the verdict on one promise, and the month's table made of them.

`verdict.py` judges one report, `month.py` holds the shapes of the month, `table.py` counts them.
"""

from dispatch.compliance.month import (
    Figures,
    Head,
    Late,
    Line,
    Month,
    Row,
    ShadowTable,
    Told,
)
from dispatch.compliance.table import month_table, tell
from dispatch.compliance.verdict import Verdict, month_bounds, month_of, neighbours, verdict

__all__ = [
    "Figures",
    "Head",
    "Late",
    "Line",
    "Month",
    "Row",
    "ShadowTable",
    "Told",
    "Verdict",
    "month_bounds",
    "month_of",
    "month_table",
    "neighbours",
    "tell",
    "verdict",
]
