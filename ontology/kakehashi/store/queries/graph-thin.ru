# Take some triples out of a graph, whichever they are.
DELETE { GRAPH $graph { ?s ?p ?o } }
WHERE { SELECT ?s ?p ?o WHERE { GRAPH $graph { ?s ?p ?o } } LIMIT $limit }
