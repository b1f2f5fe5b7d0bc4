"""Jira's JSON becomes values of ours. No I/O here."""
