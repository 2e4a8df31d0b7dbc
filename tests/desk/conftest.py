"""okcounty's desk for one test; its timeline and rows are proved to agree afterwards."""

from __future__ import annotations

import pytest

from dispatch.desk import upkeep
from tests.desk.county import T1, T2, call, done, open_county, send


@pytest.fixture
def county(tmp_path):
    desk = open_county(tmp_path)
    yield desk
    assert upkeep.check(desk) == []
    desk.store.database.close()


@pytest.fixture
def worked(county):
    """A county whose west crew has served T1, while T2 waits."""
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    done(county, "west", "T1", T1, "08:02", "08:03", "08:04", "08:30", "08:31")
    call(county, "08:32", T2)
    return county
