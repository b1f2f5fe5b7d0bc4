"""A fake Jira Service Management Cloud over real HTTP, for demo, rehearsal and tests.

It keeps its own state and its own idea of how Jira behaves. It shares no code with the bot, so that a
mistake of the bot's is seen here and not repeated here.
"""
