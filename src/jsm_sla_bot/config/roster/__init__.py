"""Rosters: tables of who has bought what, kept elsewhere and taken over into `organizations.yaml`."""
