"""One file for each revision; once released, a file is never changed."""
