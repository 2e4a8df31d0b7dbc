-- Where the reports of open tickets are: of the thousands that a storm leaves open, those near one place.
CREATE TABLE open_place (
  ticket TEXT NOT NULL, report TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL, PRIMARY KEY (ticket, report)
) WITHOUT ROWID;
CREATE INDEX open_place_lat ON open_place (lat, lon, ticket);
INSERT INTO open_place
  SELECT ticket.id, json_extract(each.value, '$.id'),
    json_extract(each.value, '$.place.lon'), json_extract(each.value, '$.place.lat')
  FROM ticket, json_each(ticket.body, '$.reports') AS each
  WHERE state NOT IN ('archived', 'no_trip', 'merged') AND json_type(each.value, '$.place') = 'object';
