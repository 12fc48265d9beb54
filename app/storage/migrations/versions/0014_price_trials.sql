-- Past months in columns also say what the policy granted, so that a draft of it can be tried. They
-- are derived: those packed before are made anew when they are next asked for.

DROP TABLE month_pack;
CREATE TABLE month_pack (
  month INTEGER PRIMARY KEY,
  charges INTEGER NOT NULL,
  grants INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  voids INTEGER NOT NULL,
  plans INTEGER NOT NULL,
  people INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;

-- What a what-if of a person's draft came to, beside the draft: the list that was tried, and the
-- result with its months, when it was tried, and the last numbers of what was on record then.

CREATE TABLE price_trial (
  staff INTEGER PRIMARY KEY REFERENCES staff (id),
  tried TEXT NOT NULL,
  result TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT;
