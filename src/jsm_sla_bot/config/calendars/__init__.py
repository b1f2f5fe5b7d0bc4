"""Calendars: reviewed snapshots of dates, written by a desk job and laid out for the engine."""
