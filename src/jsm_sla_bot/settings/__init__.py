"""Where the bot runs and as whom: the environment, never a rule of the contract.

Every variable begins with `JSM_SLA_BOT_`. Whatever is missing, contradicts another or can't be meant is one sentence
that names the variable, all of them at once; no secret and no part of one ever stands in it. `environment` reads all
settings, for verbs that work with a site; `single` reads one, for verbs that need no site and have to start at once.
"""
