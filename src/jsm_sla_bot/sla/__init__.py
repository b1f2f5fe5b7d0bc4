"""The contract engine: what is owed, and until when.

Pure: no I/O, no clock, no environment. Everything enters as a value, `now` included; the same
inputs give the same answer. `assess` is the way in.
"""
