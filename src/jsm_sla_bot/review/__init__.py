"""The service review (R13): what was promised to an organization in a period, what was kept, what was not counted."""
