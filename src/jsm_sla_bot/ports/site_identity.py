"""Which site it is: what a journal is bound to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    """Which site it is, by its own word: the same under every address that leads to it.

    `address` is the one that was used. `cloud_id` and `base_url` are None where the site does not say.
    """

    address: str
    cloud_id: str | None = None
    base_url: str | None = None
