"""Small tools for words that every room may use: suggestions, text from outside."""
