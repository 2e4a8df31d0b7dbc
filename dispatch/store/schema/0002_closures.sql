-- Roads closed or slowed, now or to come; what was opened again is gone from here and stays on the timeline.
CREATE TABLE closure (
  id TEXT PRIMARY KEY, geometry TEXT NOT NULL, factor REAL NOT NULL, from_at INTEGER NOT NULL,
  until_at INTEGER, reason TEXT NOT NULL, by TEXT NOT NULL
);
INSERT INTO counter VALUES ('closure', 0);
