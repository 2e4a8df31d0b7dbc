-- Times are epoch milliseconds UTC; bodies are JSON text.
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL);
INSERT INTO head VALUES (1, 0, '');

CREATE TABLE event (
  seq INTEGER PRIMARY KEY, ticket TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, by TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX event_ticket ON event (ticket, seq);
CREATE TRIGGER event_never_changes BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_never_goes BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO counter VALUES ('report', 0), ('ticket', 0), ('outage', 0);

-- The folded row beside the timeline: written in the same transaction, proved by `dispatch check`.
CREATE TABLE ticket (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL, opened_at INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX ticket_open ON ticket (state) WHERE state NOT IN ('archived', 'no_trip', 'merged');
CREATE TABLE report (id TEXT PRIMARY KEY, ticket TEXT NOT NULL, received_at INTEGER NOT NULL);
CREATE INDEX report_month ON report (received_at);
CREATE INDEX report_ticket ON report (ticket);

-- Names and phones apart, so that they can be erased without touching the timeline.
CREATE TABLE caller (report TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL);
-- A phone's event is stored once, whatever it answers later.
CREATE TABLE field_event (id TEXT PRIMARY KEY, crew TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE TABLE request_key (
  who TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (who, key)
);

CREATE TABLE unit (id TEXT PRIMARY KEY, name TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL);
CREATE TABLE crew (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
  skills TEXT NOT NULL, shift TEXT NOT NULL, phone TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE position (
  crew TEXT PRIMARY KEY, at INTEGER NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL, accuracy_m REAL NOT NULL
);
CREATE TABLE transformer (id TEXT PRIMARY KEY, name TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL);
CREATE TABLE account (
  account_no TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, address TEXT NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL, transformer TEXT NOT NULL, unit TEXT NOT NULL, zone TEXT NOT NULL
);
CREATE INDEX account_phone ON account (phone);
CREATE TABLE notice (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, cause TEXT NOT NULL, published_at INTEGER NOT NULL,
  from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, area TEXT NOT NULL, by TEXT NOT NULL
);
CREATE TABLE zone_set (id TEXT PRIMARY KEY, published_at INTEGER NOT NULL, by TEXT NOT NULL, features TEXT NOT NULL);
-- The planner's last word on the tickets that wait: a view of the moment, not a decision, so not on the timeline.
CREATE TABLE last_plan (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE person (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, crew TEXT NOT NULL, password_hash TEXT NOT NULL,
  session_no INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE token (
  hash TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, crew TEXT NOT NULL,
  simulated INTEGER NOT NULL, created_at INTEGER NOT NULL
);
CREATE TABLE failed_signin (name TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX failed_signin_name ON failed_signin (name, at);
