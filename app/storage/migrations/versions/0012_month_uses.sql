-- What users used in a month, as columns by feature, and how many users used which features together:
-- users of several features can be counted once without looking at the charges. Derived: brought up
-- to date by number when somebody asks, never written by what is recorded.

CREATE TABLE month_use (
  month INTEGER NOT NULL,
  feature INTEGER NOT NULL REFERENCES feature (id),
  content BLOB NOT NULL,
  PRIMARY KEY (month, feature)
) STRICT;

CREATE TABLE month_mix (
  month INTEGER PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;

-- The last charge and the last refund that are in the two tables above.
CREATE TABLE month_use_mark (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  charges INTEGER NOT NULL,
  refunds INTEGER NOT NULL
) STRICT;

INSERT INTO month_use_mark (id, charges, refunds) VALUES (1, 0, 0);
