-- Who holds what, so that lists are filtered and ordered by it at once. Derived from "grant", kept
-- by triggers without a clock: next_expiry is the earliest expiry of what is unused, held the sum
-- of what is unused and expires then or later. Once next_expiry has come both are out of date until
-- somebody counts that user anew; what expired and was counted out stays out.

ALTER TABLE user ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0);
ALTER TABLE user ADD COLUMN next_expiry INTEGER CHECK ((next_expiry IS NULL) = (held = 0));

CREATE TRIGGER grant_new_is_held AFTER INSERT ON "grant" WHEN new.remaining > 0
BEGIN
  UPDATE user SET
    held = CASE WHEN new.expires_at >= next_expiry THEN held + new.remaining ELSE
      (SELECT sum(remaining) FROM "grant" WHERE user = new.user AND expires_at >= new.expires_at) END,
    next_expiry = min(coalesce(next_expiry, new.expires_at), new.expires_at)
  WHERE id = new.user;
END;

CREATE TRIGGER grant_change_is_held AFTER UPDATE OF remaining ON "grant"
  WHEN new.remaining <> old.remaining
BEGIN
  UPDATE user SET
    held = CASE WHEN new.expires_at >= next_expiry THEN held + new.remaining - old.remaining ELSE
      (SELECT sum(remaining) FROM "grant" WHERE user = new.user AND expires_at >= new.expires_at) END,
    next_expiry = CASE
      WHEN new.expires_at > next_expiry OR (new.expires_at = next_expiry AND new.remaining > 0)
        THEN next_expiry
      ELSE (SELECT min(expires_at) FROM "grant"
        WHERE user = new.user AND remaining > 0 AND expires_at >= new.expires_at) END
  WHERE id = new.user AND (new.expires_at >= next_expiry OR new.remaining > old.remaining);
END;

-- As of the last act on record; what expired since is counted out when the file is opened.
INSERT INTO meta (key, value) SELECT 'expiries_counted_until', at FROM audit ORDER BY id DESC LIMIT 1;
UPDATE user SET (held, next_expiry) =
  (SELECT coalesce(sum(remaining), 0), min(expires_at) FROM "grant"
   WHERE "grant".user = user.id AND remaining > 0 AND expires_at > coalesce(
     (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'expiries_counted_until'), 0));

CREATE INDEX user_held ON user (held);
CREATE INDEX user_next_expiry ON user (next_expiry);
CREATE INDEX user_plan ON user (plan, held);
DROP INDEX user_referred_by;
CREATE INDEX user_referred_by ON user (referred_by);
CREATE INDEX user_address ON user (email COLLATE NOCASE);
