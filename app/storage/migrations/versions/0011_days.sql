-- What each day moved, and what is left by the day with which it expires: days are numbers like
-- 20260131 in the billing zone. Kinds: 1 given (part: the kind of the grant), 2 used (part: the
-- feature), 3 returned by refunds, 4 voided. Derived, like consumption.

CREATE TABLE flow (
  day INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
  part INTEGER NOT NULL,
  credits INTEGER NOT NULL,
  PRIMARY KEY (day, kind, part)
) STRICT, WITHOUT ROWID;

DROP TABLE outstanding;
CREATE TABLE outstanding (
  day INTEGER PRIMARY KEY,
  credits INTEGER NOT NULL CHECK (credits >= 0)
) STRICT;

CREATE INDEX grant_expiry ON "grant" (expires_at);

-- When the books were proved: who did, and what came of it. Cancelled proofs leave no row.

CREATE TABLE proving (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id),
  rules INTEGER NOT NULL CHECK (rules >= 1),
  broken TEXT NOT NULL,
  audit_head TEXT NOT NULL
) STRICT;
CREATE TRIGGER proving_no_update BEFORE UPDATE ON proving BEGIN SELECT raise(ABORT, 'proving is append-only'); END;
CREATE TRIGGER proving_no_delete BEFORE DELETE ON proving BEGIN SELECT raise(ABORT, 'proving is append-only'); END;
