-- Finding users by any fragment. All derived from user: search_text has a line for each of mail
-- address, name, id and code, folded, closed by two line ends so that every letter begins three.
-- search_term has the words of those lines, for what begins with a fragment; search_gram says how
-- many users have three letters in a row, roughly: a hint where to look first.

CREATE TABLE search_text (
  user INTEGER PRIMARY KEY REFERENCES user (id),
  text TEXT NOT NULL
) STRICT;

CREATE TABLE search_term (
  term TEXT NOT NULL,
  user INTEGER NOT NULL REFERENCES user (id),
  PRIMARY KEY (term, user)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE search_fragment USING fts5 (
  text, content = 'search_text', content_rowid = 'user', detail = 'none', columnsize = 0,
  tokenize = 'trigram case_sensitive 1'
);

CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab (search_fragment, 'row');

CREATE TABLE search_gram (
  gram TEXT PRIMARY KEY,
  users INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
