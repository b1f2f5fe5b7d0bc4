"""The migrations of the journal's schema, for Alembic, which loads `env.py` and `versions/*.py` by their place."""
