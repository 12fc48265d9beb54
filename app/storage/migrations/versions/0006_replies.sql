-- The texts of replies as leads edited them; what the program came with is not here. A text is
-- never changed: the latest version counts.

CREATE TABLE reply_template (
  code TEXT NOT NULL CHECK (code <> ''),
  version INTEGER NOT NULL CHECK (version >= 1),
  section TEXT NOT NULL,
  staff INTEGER NOT NULL REFERENCES staff (id),
  at INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (code, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER reply_template_no_update BEFORE UPDATE ON reply_template BEGIN SELECT raise(ABORT, 'reply_template is append-only'); END;
CREATE TRIGGER reply_template_no_delete BEFORE DELETE ON reply_template BEGIN SELECT raise(ABORT, 'reply_template is append-only'); END;
