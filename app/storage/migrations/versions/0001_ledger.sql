-- The ledger. Instants are milliseconds since 1970 in UTC; months are numbers like 202601 in the
-- billing zone; credits are whole numbers. STRICT: no value changes its type on the way in.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (email <> ''),
  role TEXT NOT NULL CHECK (role IN
    ('support', 'support_lead', 'product_manager', 'qa', 'admin', 'system')),
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  added_at INTEGER NOT NULL
) STRICT;

-- Prices -----------------------------------------------------------------------------------------

CREATE TABLE feature (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE CHECK (key <> ''),
  free INTEGER NOT NULL CHECK (free IN (0, 1))
) STRICT;

CREATE TABLE price_version (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  effective_at INTEGER NOT NULL CHECK (effective_at >= 0),
  published_at INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id),
  note TEXT NOT NULL,
  based_on INTEGER REFERENCES price_version (number),
  document TEXT NOT NULL
) STRICT;

CREATE TABLE price (
  version INTEGER NOT NULL REFERENCES price_version (number),
  feature INTEGER NOT NULL REFERENCES feature (id),
  credits INTEGER NOT NULL CHECK (credits BETWEEN 0 AND 10000),
  PRIMARY KEY (version, feature)
) STRICT, WITHOUT ROWID;

CREATE TABLE price_withdrawal (
  version INTEGER PRIMARY KEY REFERENCES price_version (number),
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id)
) STRICT;

CREATE TABLE price_draft (
  staff INTEGER PRIMARY KEY REFERENCES staff (id),
  based_on INTEGER NOT NULL REFERENCES price_version (number),
  document TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT;

-- Users ------------------------------------------------------------------------------------------
-- Plans are 0 free, 1 plus, 2 pro. next_release_at is when the next allowance may be due: NULL
-- while no price list gives the plan any.

CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL UNIQUE CHECK (user_id <> ''),
  email TEXT NOT NULL CHECK (email <> ''),
  name TEXT NOT NULL,
  referral_code TEXT UNIQUE CHECK (referral_code <> ''),
  referred_by TEXT,
  referrer INTEGER REFERENCES user (id),
  referral_refused TEXT,
  registered_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  plan INTEGER NOT NULL CHECK (plan IN (0, 1, 2)),
  next_release_at INTEGER,
  CHECK (referrer IS NULL OR (referred_by IS NOT NULL AND referrer <> id))
) STRICT;
CREATE INDEX user_referrer ON user (referrer) WHERE referrer IS NOT NULL;
CREATE INDEX user_next_release ON user (next_release_at) WHERE next_release_at IS NOT NULL;
CREATE INDEX user_email ON user (email);
CREATE INDEX user_registered ON user (registered_at);

CREATE TABLE plan_change (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES user (id),
  plan INTEGER NOT NULL CHECK (plan IN (0, 1, 2)),
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id),
  key TEXT UNIQUE
) STRICT;
CREATE INDEX plan_change_user ON plan_change (user, at);

CREATE TABLE note (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES user (id),
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id),
  text TEXT NOT NULL CHECK (text <> '')
) STRICT;
CREATE INDEX note_user ON note (user, at);

CREATE TABLE import_run (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('users', 'plans', 'usage', 'requests')),
  file TEXT NOT NULL,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id),
  read INTEGER NOT NULL,
  added INTEGER NOT NULL,
  same INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  bad INTEGER NOT NULL
) STRICT;

-- The ledger -------------------------------------------------------------------------------------
-- position is the id of the last charge on record when the row was written: with it, everything
-- that happened in one millisecond has one order, the order in which it was recorded.
-- Kinds: 1 sign-up bonus, 2 referral reward, 3 monthly allowance, 4 support credit, 5 refund,
-- 6 top-up. An allowance has its month and plan, a reward the friend it was paid for.

CREATE TABLE "grant" (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES user (id),
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 6),
  credits INTEGER NOT NULL CHECK (credits BETWEEN 1 AND 1000000000),
  remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND credits),
  effective_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > effective_at),
  recorded_at INTEGER NOT NULL,
  position INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id),
  month INTEGER,
  plan INTEGER CHECK (plan IN (0, 1, 2)),
  friend INTEGER REFERENCES user (id),
  reason TEXT,
  note TEXT,
  ticket TEXT,
  key TEXT,
  CHECK ((kind = 3) = (month IS NOT NULL AND plan IS NOT NULL)),
  CHECK ((kind = 2) = (friend IS NOT NULL))
) STRICT;
CREATE INDEX grant_user ON "grant" (user, expires_at);
CREATE UNIQUE INDEX grant_allowance ON "grant" (user, month, plan) WHERE kind = 3;
CREATE UNIQUE INDEX grant_signup ON "grant" (user) WHERE kind = 1;
CREATE UNIQUE INDEX grant_friend ON "grant" (friend) WHERE kind = 2;
CREATE UNIQUE INDEX grant_key ON "grant" (key) WHERE key IS NOT NULL;
CREATE INDEX grant_ticket ON "grant" (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX grant_staff ON "grant" (staff, recorded_at) WHERE kind = 4;

-- recorded_at is NULL where it equals occurred_at. A refused use has what was available then, less
-- than the credits it needed; nothing was taken for it.

CREATE TABLE charge (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES user (id),
  feature INTEGER NOT NULL REFERENCES feature (id),
  quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
  credits INTEGER NOT NULL CHECK (credits >= 0),
  price_version INTEGER NOT NULL REFERENCES price_version (number),
  plan INTEGER NOT NULL CHECK (plan IN (0, 1, 2)),
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER,
  key TEXT NOT NULL CHECK (key <> ''),
  available INTEGER CHECK (available >= 0 AND available < credits),
  job TEXT,
  import INTEGER REFERENCES import_run (id)
) STRICT;
CREATE UNIQUE INDEX charge_key ON charge (key);
CREATE INDEX charge_user ON charge (user, occurred_at);
CREATE INDEX charge_job ON charge (job) WHERE job IS NOT NULL;
CREATE INDEX charge_import ON charge (import) WHERE import IS NOT NULL;

CREATE TABLE burn (
  charge INTEGER NOT NULL REFERENCES charge (id),
  "grant" INTEGER NOT NULL REFERENCES "grant" (id),
  credits INTEGER NOT NULL CHECK (credits >= 1),
  PRIMARY KEY (charge, "grant")
) STRICT, WITHOUT ROWID;
CREATE INDEX burn_grant ON burn ("grant");

CREATE TABLE outcome (
  id INTEGER PRIMARY KEY,
  charge INTEGER NOT NULL REFERENCES charge (id),
  outcome INTEGER NOT NULL CHECK (outcome IN (0, 1)),
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX outcome_charge ON outcome (charge);

CREATE TABLE refund (
  id INTEGER PRIMARY KEY,
  charge INTEGER NOT NULL UNIQUE REFERENCES charge (id),
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  position INTEGER NOT NULL,
  regrant INTEGER UNIQUE REFERENCES "grant" (id),
  staff INTEGER NOT NULL REFERENCES staff (id),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  key TEXT UNIQUE
) STRICT;

CREATE TABLE returned (
  refund INTEGER NOT NULL REFERENCES refund (id),
  "grant" INTEGER NOT NULL REFERENCES "grant" (id),
  credits INTEGER NOT NULL CHECK (credits >= 1),
  PRIMARY KEY (refund, "grant")
) STRICT, WITHOUT ROWID;
CREATE INDEX returned_grant ON returned ("grant");

CREATE TABLE void (
  id INTEGER PRIMARY KEY,
  "grant" INTEGER NOT NULL UNIQUE REFERENCES "grant" (id),
  credits INTEGER NOT NULL CHECK (credits >= 1),
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  position INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  key TEXT UNIQUE
) STRICT;

CREATE TABLE import_reversal (
  import INTEGER PRIMARY KEY REFERENCES import_run (id),
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id)
) STRICT;

CREATE TABLE approval (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES user (id),
  credits INTEGER NOT NULL CHECK (credits >= 1),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  ticket TEXT NOT NULL,
  validity TEXT NOT NULL,
  expires_at INTEGER,
  key TEXT UNIQUE,
  asked_by INTEGER NOT NULL REFERENCES staff (id),
  asked_at INTEGER NOT NULL,
  decided_by INTEGER REFERENCES staff (id),
  decided_at INTEGER,
  approved INTEGER CHECK (approved IN (0, 1)),
  decision_note TEXT,
  "grant" INTEGER REFERENCES "grant" (id),
  CHECK (decided_by IS NULL OR decided_by <> asked_by OR approved = 0),
  CHECK ((decided_at IS NULL) = (approved IS NULL))
) STRICT;
CREATE INDEX approval_waiting ON approval (asked_at) WHERE approved IS NULL;

-- What was done ----------------------------------------------------------------------------------
-- Each hash covers the row and the hash before it: a missing or changed record shows.

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  staff TEXT NOT NULL,
  act TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  why TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject_kind, subject);

-- Derived: kept in the transaction of what they are derived from, checked by verify ---------------

CREATE TABLE consumption (
  month INTEGER NOT NULL,
  feature INTEGER NOT NULL REFERENCES feature (id),
  plan INTEGER NOT NULL,
  uses INTEGER NOT NULL DEFAULT 0,
  credits INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  refunded INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (month, feature, plan)
) STRICT, WITHOUT ROWID;

CREATE TABLE outstanding (
  month INTEGER PRIMARY KEY,
  credits INTEGER NOT NULL CHECK (credits >= 0)
) STRICT;

-- Nothing is ever edited or deleted -----------------------------------------------------------------

CREATE TRIGGER charge_no_update BEFORE UPDATE ON charge BEGIN SELECT raise(ABORT, 'charge is append-only'); END;
CREATE TRIGGER charge_no_delete BEFORE DELETE ON charge BEGIN SELECT raise(ABORT, 'charge is append-only'); END;
CREATE TRIGGER burn_no_update BEFORE UPDATE ON burn BEGIN SELECT raise(ABORT, 'burn is append-only'); END;
CREATE TRIGGER burn_no_delete BEFORE DELETE ON burn BEGIN SELECT raise(ABORT, 'burn is append-only'); END;
CREATE TRIGGER outcome_no_update BEFORE UPDATE ON outcome BEGIN SELECT raise(ABORT, 'outcome is append-only'); END;
CREATE TRIGGER outcome_no_delete BEFORE DELETE ON outcome BEGIN SELECT raise(ABORT, 'outcome is append-only'); END;
CREATE TRIGGER refund_no_update BEFORE UPDATE ON refund BEGIN SELECT raise(ABORT, 'refund is append-only'); END;
CREATE TRIGGER refund_no_delete BEFORE DELETE ON refund BEGIN SELECT raise(ABORT, 'refund is append-only'); END;
CREATE TRIGGER returned_no_update BEFORE UPDATE ON returned BEGIN SELECT raise(ABORT, 'returned is append-only'); END;
CREATE TRIGGER returned_no_delete BEFORE DELETE ON returned BEGIN SELECT raise(ABORT, 'returned is append-only'); END;
CREATE TRIGGER void_no_update BEFORE UPDATE ON void BEGIN SELECT raise(ABORT, 'void is append-only'); END;
CREATE TRIGGER void_no_delete BEFORE DELETE ON void BEGIN SELECT raise(ABORT, 'void is append-only'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'audit is append-only'); END;
CREATE TRIGGER price_no_update BEFORE UPDATE ON price BEGIN SELECT raise(ABORT, 'price is append-only'); END;
CREATE TRIGGER price_no_delete BEFORE DELETE ON price BEGIN SELECT raise(ABORT, 'price is append-only'); END;
CREATE TRIGGER price_version_no_update BEFORE UPDATE ON price_version BEGIN SELECT raise(ABORT, 'price_version is append-only'); END;
CREATE TRIGGER price_version_no_delete BEFORE DELETE ON price_version BEGIN SELECT raise(ABORT, 'price_version is append-only'); END;
CREATE TRIGGER price_withdrawal_no_update BEFORE UPDATE ON price_withdrawal BEGIN SELECT raise(ABORT, 'price_withdrawal is append-only'); END;
CREATE TRIGGER price_withdrawal_no_delete BEFORE DELETE ON price_withdrawal BEGIN SELECT raise(ABORT, 'price_withdrawal is append-only'); END;
CREATE TRIGGER plan_change_no_update BEFORE UPDATE ON plan_change BEGIN SELECT raise(ABORT, 'plan_change is append-only'); END;
CREATE TRIGGER plan_change_no_delete BEFORE DELETE ON plan_change BEGIN SELECT raise(ABORT, 'plan_change is append-only'); END;
CREATE TRIGGER note_no_update BEFORE UPDATE ON note BEGIN SELECT raise(ABORT, 'note is append-only'); END;
CREATE TRIGGER note_no_delete BEFORE DELETE ON note BEGIN SELECT raise(ABORT, 'note is append-only'); END;
CREATE TRIGGER grant_only_remaining BEFORE UPDATE OF id, user, kind, credits, effective_at, expires_at,
  recorded_at, position, staff, month, plan, friend, reason, note, ticket, key ON "grant"
  BEGIN SELECT raise(ABORT, 'of a grant only what remains changes'); END;
CREATE TRIGGER grant_no_delete BEFORE DELETE ON "grant" BEGIN SELECT raise(ABORT, 'a grant is never deleted'); END;
CREATE TRIGGER user_no_delete BEFORE DELETE ON user BEGIN SELECT raise(ABORT, 'a user is never deleted'); END;
CREATE TRIGGER approval_decided_once BEFORE UPDATE ON approval WHEN old.approved IS NOT NULL
  BEGIN SELECT raise(ABORT, 'an approval is decided once'); END;
CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval BEGIN SELECT raise(ABORT, 'an approval is never deleted'); END;
