"""The command line: what ops, agents and newcomers type. Every error is one sentence and exit code 1."""

from jsm_sla_bot.cli.main import main

__all__ = ["main"]
