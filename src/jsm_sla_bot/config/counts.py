"""Counts of a unit as the YAML writes them, `3 business days`, `12 months`: what is written, and what is meant."""

import re


def written_count(value: object, pattern: re.Pattern[str]) -> int | None:
    """Return the number of a text that the pattern describes, its first group; None for anything else."""
    if not isinstance(value, str):
        return None
    found = pattern.fullmatch(" ".join(value.split()))
    return int(found[1]) if found else None


def meant_count(
    value: object, pattern: re.Pattern[str]
) -> re.Match[str] | None:
    """Read a bare number, or other words for the unit, by a pattern in small letters; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return pattern.fullmatch(" ".join(str(value).lower().split()))
