"""Writing: one plan at a time, safe to repeat after any outcome."""
