-- Credit requests. States are 0 open, 1 claimed, 2 granted, 3 refunded, 4 declined. A claimed one
-- with an approval waits for it. user is NULL while the sender matches nobody. What was asked stays
-- as it came; the message stands last, so that a list reads past no long text.

CREATE TABLE request (
  id INTEGER PRIMARY KEY,
  user INTEGER REFERENCES user (id),
  sender TEXT NOT NULL,
  ticket TEXT NOT NULL CHECK (ticket <> ''),
  category TEXT CHECK (category <> ''),
  credits INTEGER CHECK (credits BETWEEN 1 AND 1000000),
  opened_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  opened_by INTEGER NOT NULL REFERENCES staff (id),
  import INTEGER REFERENCES import_run (id),
  reopened_from INTEGER REFERENCES request (id) CHECK (reopened_from < id),
  key TEXT,
  state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 4),
  first_claimed_at INTEGER,
  claimed_by INTEGER REFERENCES staff (id),
  claimed_at INTEGER,
  resolved_by INTEGER REFERENCES staff (id),
  resolved_at INTEGER,
  "grant" INTEGER REFERENCES "grant" (id),
  charge INTEGER REFERENCES charge (id),
  approval INTEGER REFERENCES approval (id),
  resolution_key TEXT,
  note TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL CHECK (message <> ''),
  CHECK ((state = 0) = (claimed_by IS NULL) AND (claimed_by IS NULL) = (claimed_at IS NULL)),
  CHECK (claimed_at IS NULL OR first_claimed_at IS NOT NULL),
  CHECK ((state >= 2) = (resolved_by IS NOT NULL)),
  CHECK ((resolved_by IS NULL) = (resolved_at IS NULL)),
  CHECK ((state = 2) = ("grant" IS NOT NULL)),
  CHECK ((state = 3) = (charge IS NOT NULL)),
  CHECK (approval IS NULL OR state IN (1, 2)),
  CHECK (user IS NOT NULL OR state IN (0, 1, 4))
) STRICT;
CREATE INDEX request_queue ON request (opened_at, state, approval, user, claimed_by, category)
  WHERE state < 2;
CREATE INDEX request_closed ON request (resolved_at) WHERE state >= 2;
CREATE INDEX request_waits ON request (user) WHERE state < 2;
CREATE INDEX request_user ON request (user, opened_at) WHERE user IS NOT NULL;
CREATE INDEX request_ticket ON request (ticket);
CREATE INDEX request_charge ON request (charge) WHERE charge IS NOT NULL;
CREATE INDEX request_import ON request (import) WHERE import IS NOT NULL;
CREATE UNIQUE INDEX request_reopened ON request (reopened_from) WHERE reopened_from IS NOT NULL;
CREATE UNIQUE INDEX request_key ON request (key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX request_grant ON request ("grant") WHERE "grant" IS NOT NULL;
CREATE UNIQUE INDEX request_approval ON request (approval) WHERE approval IS NOT NULL;
CREATE UNIQUE INDEX request_resolution ON request (resolution_key) WHERE resolution_key IS NOT NULL;

CREATE TRIGGER request_as_it_came BEFORE UPDATE OF id, sender, ticket, credits, opened_at, recorded_at,
  opened_by, import, reopened_from, key, message ON request
  BEGIN SELECT raise(ABORT, 'what a request asked stays as it came'); END;
CREATE TRIGGER request_resolved_once BEFORE UPDATE ON request WHEN old.state >= 2
  BEGIN SELECT raise(ABORT, 'a request is resolved once'); END;
CREATE TRIGGER request_no_delete BEFORE DELETE ON request BEGIN SELECT raise(ABORT, 'a request is never deleted'); END;
