"""The command line: serve, rank, fact, check. Results on stdout, progress and set-up on stderr."""
