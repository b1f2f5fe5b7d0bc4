"""How long something is, in words."""

from datetime import timedelta


def duration_text(span: timedelta) -> str:
    """Return `2 h`, `1 h 30 min` or `45 min`; seconds only where there are any."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{amount} {unit}"
        for amount, unit in ((hours, "h"), (minutes, "min"), (seconds, "s"))
        if amount
    ]
    return " ".join(parts) or "0 h"
