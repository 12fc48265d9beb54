-- Past months as columns, for what-if: made from the record when first asked for, never written by
-- what is recorded later. The numbers are the last of each kind that a pack was made from.

CREATE TABLE month_pack (
  month INTEGER PRIMARY KEY,
  charges INTEGER NOT NULL,
  grants INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  voids INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
