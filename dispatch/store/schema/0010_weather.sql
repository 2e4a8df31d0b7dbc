-- Severe weather that was declared has a number; one that was ended before its time stays known, with who did it.
CREATE TABLE severe_weather (
  id TEXT PRIMARY KEY, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL,
  ended_at INTEGER, ended_by TEXT NOT NULL DEFAULT ''
);
INSERT INTO severe_weather (id, from_at, until_at, kind, by)
  SELECT 'W' || row_number() OVER (ORDER BY rowid), from_at, until_at, kind, by FROM weather;
INSERT INTO counter SELECT 'weather', count(*) FROM severe_weather;
DROP TABLE weather;
