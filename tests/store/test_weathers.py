"""Severe weather as it is kept, and how an older database comes to it."""

from __future__ import annotations

from dispatch.store import open_store
from dispatch.store.weathers import Weather


def test_what_was_declared_before_weathers_had_numbers_is_still_known(store):
    path, db = store.database.path, store.database.db
    with store.transaction():
        db.execute("DROP TABLE severe_weather")
        db.execute("DELETE FROM counter WHERE name = 'weather'")
        db.execute("CREATE TABLE weather (from_at INTEGER, until_at INTEGER, kind TEXT, by TEXT)")
        db.execute("INSERT INTO weather VALUES (10, 20, 'storm', 'Chen'), (5, 9, 'snow', 'Li')")
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0010%'")
    store.database.close()
    again = open_store(f"sqlite:{path}")
    known = again.weathers.list_since(0)
    assert known == [Weather("W1", 10, 20, "storm", "Chen"), Weather("W2", 5, 9, "snow", "Li")]
    assert [at for at in range(22) if again.weathers.is_severe(at)] == [5, 6, 7, 8, *range(10, 20)]
    with again.transaction():
        assert again.tickets.next_id("weather") == 3
    again.database.close()
