"""What ops see from outside: log lines, figures, health."""
