"""Quality gates over published mappings: what is wrong or doubtful in them, named with its set, statements and ends."""
