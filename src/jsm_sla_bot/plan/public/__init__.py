"""What the customer reads on a request: which notes are owed, and their texts (R9, R11, D18)."""
