"""Whether two addresses lead to one site: by the site's own word, else by how the address is spelled."""

import json
import re
from dataclasses import replace

from jsm_sla_bot.ports.site_identity import SiteIdentity

ADDRESS = "site"
"""The row next to the marks that holds the address under which the site was last reached."""

IDENTITY = "identity"
"""The row that holds what the site calls itself, as JSON: its cloud id and its base URL."""

_GATEWAY = re.compile(r"https://api\.atlassian\.com/ex/jira/([^/]+)")


def same_site(known: SiteIdentity, found: SiteIdentity) -> bool:
    """Tell whether it is one site, under whatever address; `known` may be no more than an address of old.

    The cloud id decides where both have one; a custom domain, the gateway and the site's first address share it.
    """
    ours, theirs = _cloud_id(known), _cloud_id(found)
    if ours and theirs:
        return ours == theirs
    return bool(_spellings(known) & _spellings(found))


def name_of(site: SiteIdentity) -> str:
    """Return what people call the site: its own address rather than the gateway's."""
    return site.base_url or site.address


def written_identity(site: SiteIdentity) -> str:
    """Return what the journal keeps of a site's own word."""
    return json.dumps({"cloud_id": _cloud_id(site), "base_url": site.base_url})


def read_identity(address: str, kept: str | None) -> SiteIdentity:
    """Read it again; an earlier version kept the address only."""
    site = SiteIdentity(address)
    try:
        identity = json.loads(kept or "{}")
        return replace(
            site,
            cloud_id=identity.get("cloud_id"),
            base_url=identity.get("base_url"),
        )
    except (ValueError, AttributeError):
        return site


def _cloud_id(site: SiteIdentity) -> str | None:
    at_gateway = _GATEWAY.match(_spelled(site.address))
    found = site.cloud_id or (at_gateway[1] if at_gateway else None)
    return found.casefold() if found else None


def _spellings(site: SiteIdentity) -> set[str]:
    return {_spelled(each) for each in (site.address, site.base_url) if each}


def _spelled(address: str) -> str:
    plain = address.strip().rstrip("/").casefold()
    return re.sub(
        r"^(https://[^/]+):443(?=/|$)|^(http://[^/]+):80(?=/|$)",
        r"\1\2",
        plain,
    )
