"""The command line: builds and serves releases, and asks them questions on the terminal."""
