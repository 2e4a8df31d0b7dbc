-- From when a zone set holds: a report is zoned by the set that held when it was received.
ALTER TABLE zone_set ADD COLUMN from_at INTEGER NOT NULL DEFAULT 0;
UPDATE zone_set SET from_at = published_at;
