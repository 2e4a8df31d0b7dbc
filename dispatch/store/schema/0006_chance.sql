-- What the company's own drives taught, and when the weather was severe; both can be had again from elsewhere.
CREATE TABLE learnt (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE weather (from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL);
