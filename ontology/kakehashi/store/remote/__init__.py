"""The store behind a SPARQL 1.1 server: the same port as the embedded one, over the Query, Update and Graph Store protocols."""
