"""A small, right configuration in a folder of its own, for tests to spoil."""

from dataclasses import dataclass
from pathlib import Path

from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.config.problem import ConfigurationProblems

POLICY = """\
tiers:
  Standard:
    targets:
      S1: 8 business hours
      S2: 16 business hours
      S3: 24 business hours
      S4: 40 business hours
  Premium:
    targets:
      S1: {within: 2 h, clock: round the clock, phone: true}
      S2: 8 h round the clock
      S3: 16 business hours
      S4: 24 business hours
defaults:
  tier: Standard
  severity: S3
calendar: office
round_the_clock_products: [Scanner]
products: [Web]
phone: {fallback_tier: Standard, clock_starts: call}
severity_change: {raised: from_change, lowered: retroactive}
acknowledgement: {public_comment: true, status: true, severity: false}
reopen: keep
several_organizations: earliest_due
not_measured:
  organizations:
    - id: 3
      reason: Own agreement
escalation:
  rungs:
    - {name: at_risk, share: 75 %, escalate: false}
    - {name: breach, share: 100 %, escalate: true}
budget: {share: 30 %, at_least: 20}
"""

ORGANIZATIONS = """\
organizations:
  - id: 1
    name: North
    tier: Premium
    valid_from: 2026-01-01
    valid_until: 2026-12-31
  - id: "2"
    name: South
    tier: Standard
    overrides:
      targets:
        S1: 4 business hours
      calendar: night
  - id: 3
    name: West
    tier: Standard
    suspended: true
"""

JIRA = """\
projects: [HELP]
fields:
  severity: Severity
  product: Product
called:
  field: Customer called at
sla_fields:
  response_due: Response due
severities:
  S1: [S1, 1]
  S2: [S2]
  S3: [S3]
  S4: [S4]
agents:
  role: Service Desk Team
statuses:
  acknowledged: [In progress]
  closed: [Closed]
ignore_label: hands-off
lookback: 14 days
"""

OFFICE = """\
name: office
zone: Europe/Stockholm
years: 2025-2027
week:
  Monday: [09:00-12:00, 13:00-17:00]
  Tuesday: [09:00-17:00]
days:
  2026-01-06: Epiphany
  2026-01-05: {name: Eve, hours: [09:00-12:00]}
"""

NIGHT = """\
name: night
zone: UTC
years: 2025-2027
week:
  Monday: [22:00-06:00]
  Saturday: [00:00-24:00]
"""


@dataclass(frozen=True)
class ConfigFolder:
    """A configuration on disk, with what loading it says."""

    root: Path

    def write(self, file: str, text: str | bytes) -> None:
        """Put a file there."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands in the file."""
        text = (self.root / file).read_text()
        assert old in text, f"{old!r} is not in {file}"
        self.write(file, text.replace(old, new, 1))

    def load(self) -> Configuration:
        """Load it."""
        return load(self.root)

    def problems(self) -> list[str]:
        """Load it and return what is wrong, with the folder called `config`; empty when all is right."""
        try:
            self.load()
        except ConfigurationProblems as error:
            return [
                str(problem).replace(self.root.as_posix(), "config")
                for problem in error.problems
            ]
        return []


def make(root: Path) -> ConfigFolder:
    """Write the small configuration."""
    made = ConfigFolder(root)
    made.write("policy.yaml", POLICY)
    made.write("organizations.yaml", ORGANIZATIONS)
    made.write("jira.yaml", JIRA)
    made.write("calendars/office.yaml", OFFICE)
    made.write("calendars/night.yaml", NIGHT)
    return made


PERIODS = """\
    periods:
      - {tier: Premium, valid_from: 2027-01-01, overrides: {calendar: night}}
      - {tier: Standard, valid_from: 2026-01-01, valid_until: 2026-06-30, suspended: true}
"""
