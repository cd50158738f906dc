# Forget the name of a graph.
DROP SILENT GRAPH $graph
