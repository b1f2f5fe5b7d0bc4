"""What is wrong with text that is no YAML, in the project's own words."""
