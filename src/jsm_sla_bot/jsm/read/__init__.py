"""Reading: which requests, and what they hold."""
