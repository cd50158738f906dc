"""One module a format: files in, located records and faults out. No network, no writing, no module knows another."""
