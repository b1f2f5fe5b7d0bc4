"""What the daemon remembers on disk: a cache and a history, rebuilt from Jira when it is lost."""
