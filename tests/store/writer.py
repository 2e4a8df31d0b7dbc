"""Writes 200 reports, each with its promise, and says so after each one: to be killed in the middle.

Run as `python -m tests.store.writer DATABASE`.
"""

from __future__ import annotations

import sys

from dispatch.store import open_store
from tests.okcounty import Story, spot


def write(store, number):
    """One report in one transaction; its last sequence number."""
    with store.transaction():
        name = f"T{store.tickets.next_id('ticket')}"
        store.tickets.next_id("report")
        story = Story(name).called("08:00", spot(3, 4)).sent("08:01", "west")
        for event in story.events:
            store.tickets.append(name, event.kind, event.body, at=event.at, now=event.at + number, by="Li")
    return store.tickets.head()[0]


def main():
    store = open_store(f"sqlite:{sys.argv[1]}")
    for number in range(200):
        print(write(store, number), flush=True)


if __name__ == "__main__":
    main()
