-- What the desk was warned of, once for each ticket, kind and clock or trip (`about`). It stands beside the
-- timeline: a warning says nothing of the fault, and moves no ticket's version and no month.
-- `turn` grows with every change of a row, so that pages can be told what is new.
CREATE TABLE alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT, ticket TEXT NOT NULL, kind TEXT NOT NULL, about INTEGER NOT NULL,
  at INTEGER NOT NULL, crew TEXT NOT NULL, raised_at INTEGER NOT NULL,
  acknowledged_at INTEGER, acknowledged_by TEXT NOT NULL DEFAULT '', turn INTEGER NOT NULL,
  UNIQUE (ticket, kind, about)
);
CREATE INDEX alert_turn ON alert (turn);
