"""The process: when passes run, under which configuration, and what ops see of it."""
