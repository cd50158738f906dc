# Make a mark in a book.
INSERT DATA { GRAPH $book { $book $kind $mark } }
