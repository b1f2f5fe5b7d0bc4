"""The accounts that the files name, with their places; they are no part of what the configuration means."""

from tests.config.samples import ConfigFolder

from jsm_sla_bot.ports.accounts import ListedAs

AGENTS = """agents:
  role: Service Desk Team
  accounts: ["712020:mia", 712020:ola]
  former:
    - 712020:left # since May
  automations: [557058:app]
"""


def test_each_account_has_its_place(folder: ConfigFolder) -> None:
    """In both files, in lists of either kind, with the organization's name."""
    jira = folder.root / "jira.yaml"
    text = jira.read_text()
    begin = text.index("agents:")
    end = text.index("\nstatuses:")
    jira.write_text(f"{text[:begin]}{AGENTS}{text[end:]}")
    file = folder.root / "organizations.yaml"
    lines = file.read_text().splitlines()
    at = next(index for index, line in enumerate(lines) if "tier:" in line)
    people = ["    csm: 712020:mia", "    representatives:", "      - qm:erik"]
    lines[at:at] = people
    file.write_text("\n".join(lines))
    listed = folder.load().desk.people
    assert [(each.account, each.listed_as) for each in listed] == [
        ("712020:mia", ListedAs.AGENT),
        ("712020:ola", ListedAs.AGENT),
        ("712020:left", ListedAs.FORMER_AGENT),
        ("557058:app", ListedAs.AUTOMATION),
        ("712020:mia", ListedAs.CSM),
        ("qm:erik", ListedAs.REPRESENTATIVE),
    ]
    assert {each.organization for each in listed[:4]} == {""}
    assert listed[4].organization == listed[5].organization != ""
    csm, representative = (each.place for each in listed[4:])
    assert csm.endswith(f"organizations.yaml:{at + 1}:10")
    assert representative.endswith(f"organizations.yaml:{at + 3}:9")
    where = [each.place.rpartition("jira.yaml:")[2] for each in listed[:4]]
    first = text[:begin].count("\n") + 1
    assert where == [
        f"{first + 2}:14",
        f"{first + 2}:28",
        f"{first + 4}:7",
        f"{first + 5}:17",
    ]


def test_a_place_means_nothing(folder: ConfigFolder) -> None:
    """A comment above moves every line: neither the policy nor the reading of the site is another one."""
    before = folder.load()
    for name in ("jira.yaml", "organizations.yaml"):
        file = folder.root / name
        file.write_text(f"# moved\n{file.read_text()}")
    after = folder.load()
    assert after.desk == before.desk
    assert after.policy.hash == before.policy.hash
