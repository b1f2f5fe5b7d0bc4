"""One way to Jira: every byte passes one client, one limiter and one retry policy."""
