"""The bot's side of Jira: decoding, transport, polling and applying."""
