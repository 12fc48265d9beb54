-- The audit record by who, what, which kind of thing and when: each index keeps the numbers of the
-- records in order, so that the newest of any of them are found at once.

CREATE INDEX audit_staff ON audit (staff);
CREATE INDEX audit_act ON audit (act);
CREATE INDEX audit_kind ON audit (subject_kind);
CREATE INDEX audit_at ON audit (at);
