"""How fast the engine, the sync and the review are, measured beside peers in one run: `make bench`."""
