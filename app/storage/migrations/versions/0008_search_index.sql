-- Finding users, quicker to fill and to ask. search_text now has the folded words of a user, each
-- once with two spaces before and after it; search_words has them sorted, from an index that is a
-- third of the table it replaces; search_gram names every three letters in a row that occur, with
-- roughly how many users have them.

DROP TABLE search_term;

CREATE VIRTUAL TABLE search_word USING fts5 (
  text, content = 'search_text', content_rowid = 'user', detail = 'none', columnsize = 0,
  tokenize = 'ascii tokenchars ''!"#$%&''''()*+,-./:;<=>?@[\]^_`{|}~'''
);

CREATE VIRTUAL TABLE search_words USING fts5vocab (search_word, 'instance');
