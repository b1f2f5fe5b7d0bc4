"""What sites differ in, or what nobody could find out: a bot must bear each position."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Switches:
    """Behaviours that sites differ in, or that nobody could find out. A bot must bear each."""

    index_lag: float = 0.0
    bump_on_property: bool = False
    bump_on_same_value: bool = True
    screen_check: bool = True
    comment_properties_in_edit: bool = False
    agent_licence: bool = True
    field_id_gaps: bool = True
    short_pages: bool = False
    per_issue_limit: bool = True
    visible_notes: bool = False
    flicker: float = 0.0
    burst_share: float = 0.0
    post_rate: float = 0.0
    put_rate: float = 0.0
    retry_after: str = "present"
    sla_noise: float = 0.0
    native_sla: str = "shown"
    absent_fields: tuple[str, ...] = ()
    """Fields, by name or id, that no project has; ``TEAM/Response SLA`` is absent from one project only."""
    frozen_statuses: tuple[str, ...] = ()
    """Statuses with ``jira.issue.editable=false``: every edit there is refused."""

    field_schemes: bool = False
    """The site has field schemes in place of field configurations."""
    clock_skew: float = 0.0
    """So many seconds the server's clock is ahead; below zero: behind."""
    withheld_permissions: tuple[str, ...] = ()
    """Permissions that the bot lacks in every project."""
    withheld_on_requests: tuple[str, ...] = ()
    """Permissions that the bot has in the project and not on its requests."""
    forms_lack: tuple[str, ...] = ()
    """Fields, by name, that no portal form offers; ``Ask a question/Product`` is lacking on one form only."""
    role_reading: bool = True
    """The bot may see who holds which role."""
    resolutions: bool = True
    """Done requests get a resolution."""

    @property
    def withheld(self) -> tuple[str, ...]:
        """Give the permissions that the bot lacks on requests."""
        return self.withheld_permissions + self.withheld_on_requests

    def granted(self, method: str) -> float:
        """Give the calls a second that each endpoint grants for a method, 0 where `burst_share` decides."""
        return {"POST": self.post_rate, "PUT": self.put_rate}.get(method, 0.0)
