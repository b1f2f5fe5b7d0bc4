"""What is wrong with text that is no YAML, in words of our own."""
