-- When a crew rests each day, as 12:00-12:30, several with ; between them.
ALTER TABLE crew ADD COLUMN breaks TEXT NOT NULL DEFAULT '';
