"""The contract as YAML: `load.load` turns a folder into frozen values, or names every problem at once.

Comes before everything else: what it returns is an argument of a pass. Nothing here knows Jira, the
journal or the environment.
"""
