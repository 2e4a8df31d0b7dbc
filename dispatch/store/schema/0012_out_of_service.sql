-- That a crew cannot go for now whatever its shift says, who said so and why; what was ended stays known.
CREATE TABLE out_of_service (
  id TEXT PRIMARY KEY, crew TEXT NOT NULL, at INTEGER NOT NULL, until_at INTEGER, reason TEXT NOT NULL,
  by TEXT NOT NULL, ended_at INTEGER, ended_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX out_of_service_now ON out_of_service (crew) WHERE ended_at IS NULL;
INSERT INTO counter VALUES ('out_of_service', 0);
