-- From which import a user and a plan change came. Those of older imports say nothing: they are
-- found by the instant at which they were recorded. Adding a column rewrites no row.

ALTER TABLE user ADD COLUMN import INTEGER REFERENCES import_run (id);
ALTER TABLE plan_change ADD COLUMN import INTEGER REFERENCES import_run (id);
CREATE INDEX user_import ON user (import) WHERE import IS NOT NULL;
CREATE INDEX plan_change_import ON plan_change (import) WHERE import IS NOT NULL;
