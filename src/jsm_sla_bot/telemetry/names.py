"""What all figures are called."""

from typing import Final

PREFIX: Final = "jsm_sla_bot"
