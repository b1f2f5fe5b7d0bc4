"""Why a request shows what it shows, in full: values that the terminal and a note on the request draw alike."""
