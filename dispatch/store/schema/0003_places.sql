-- Where dispatchers said that reports were: what later calls of the same phone or in the same words are found by.
CREATE TABLE confirmed_place (
  report TEXT PRIMARY KEY, text TEXT NOT NULL, address TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
  precision_m REAL NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL
);
CREATE INDEX confirmed_place_text ON confirmed_place (text, at) WHERE text <> '';
-- The caller's number without what people write between its digits.
ALTER TABLE caller ADD COLUMN digits TEXT NOT NULL DEFAULT '';
UPDATE caller SET digits = replace(replace(replace(replace(replace(replace(
  phone, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '+', '');
CREATE INDEX caller_digits ON caller (digits) WHERE digits <> '';
-- `own` or `transformer`: an account without a place of its own lies at its transformer.
ALTER TABLE account ADD COLUMN place_of TEXT NOT NULL DEFAULT 'own';
CREATE INDEX transformer_name ON transformer (name);
