"""One pass over the desk, and nothing but it: select, read, plan, write, record."""
