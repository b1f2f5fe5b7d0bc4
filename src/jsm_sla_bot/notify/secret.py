"""Secrets of channels, each in a file: read when they are needed, so that a new one holds without a restart."""

from dataclasses import dataclass
from pathlib import Path

from jsm_sla_bot.ports.notify import NotDeliveredError

_LARGEST = 16_384


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file with one secret. The path may be shown, the content never."""

    path: Path

    def read(self) -> str:
        """Return the secret. Raises NotDeliveredError where the file can't be read or is empty."""
        try:
            with self.path.open(encoding="utf-8") as file:
                found = file.read(_LARGEST).strip()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            message = f"the secret's file {self.path} can't be read: {why}"
            raise NotDeliveredError(message) from None
        if not found:
            raise NotDeliveredError(f"the secret's file {self.path} is empty")
        return found
