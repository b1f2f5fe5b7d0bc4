"""How fast the engine is, measured beside other libraries in one run: `make bench`."""
