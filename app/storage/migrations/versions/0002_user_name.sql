-- The list of users is read in the order of their names, a block at a time from any place.

CREATE INDEX user_name ON user (name COLLATE NOCASE, id);
