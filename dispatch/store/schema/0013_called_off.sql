-- The crews that were called off for people in danger, in the order it happened: asked at each plan. A body that
-- somebody spoiled is no reason not to start: `dispatch check` finds it.
CREATE INDEX event_called_off ON event (seq)
WHERE kind = 'taken_back' AND json_valid(body) AND json_extract(body, '$.code') = 'hazard';
