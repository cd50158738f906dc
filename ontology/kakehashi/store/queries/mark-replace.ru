# Put one mark in the place of another, if that one is still there.
DELETE { GRAPH $book { $book $kind $former } }
INSERT { GRAPH $book { $book $kind $mark } }
WHERE { GRAPH $book { $book $kind $former } }
