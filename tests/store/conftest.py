"""An empty store of one test."""

from __future__ import annotations

import pytest

from dispatch.store import open_store


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:{tmp_path / 'dispatch.db'}", create=True)
    yield opened
    opened.database.close()
