"""Keeps Jira Service Management telling the truth about a support contract's response times."""

from importlib.metadata import version

__version__ = version("jsm-sla-bot")
