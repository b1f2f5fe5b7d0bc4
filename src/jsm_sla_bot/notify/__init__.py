"""Brings notices to people: one adapter for each service, on one HTTP client, and mail."""
