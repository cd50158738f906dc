# Take a mark out of a book.
DELETE DATA { GRAPH $book { $book $kind $mark } }
