"""The contract as YAML: `load` turns a folder into frozen values, or tells every problem at once.

Stands before the data's way: what it returns is an argument to the pass. Nothing here knows Jira, the
journal or the environment.
"""

from jsm_sla_bot.config.calendars.layout import expiring
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.config.problem import ConfigurationProblems, Problem
from jsm_sla_bot.config.schema import json_schemas
from jsm_sla_bot.plan.budget import Budget

__all__ = [
    "Budget",
    "Configuration",
    "ConfigurationProblems",
    "Problem",
    "expiring",
    "json_schemas",
    "load",
]
