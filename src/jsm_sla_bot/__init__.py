"""Keeps Jira Service Management telling the truth about a support contract's response times."""
