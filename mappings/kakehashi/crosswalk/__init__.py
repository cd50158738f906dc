"""What follows from what is published: the relation algebra, what predicates mean, acceptance, coverage, gaps, proofs.

Pure: no input, no output, no RDF. Tables first, code looks them up.
"""
