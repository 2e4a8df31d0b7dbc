-- Where a crew without a ticket was asked to wait; gone once it is told a ticket or called back.
CREATE TABLE standby (
  crew TEXT PRIMARY KEY, lon REAL NOT NULL, lat REAL NOT NULL, near TEXT NOT NULL, gain INTEGER NOT NULL,
  at INTEGER NOT NULL, arrive_at INTEGER NOT NULL, by TEXT NOT NULL
);
