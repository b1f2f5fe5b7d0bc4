"""The contract as YAML: `load.load` turns a folder into frozen values, or tells every problem at once.

Stands before the data's way: what it returns is an argument to the pass. Nothing here knows Jira, the
journal or the environment.
"""
