"""What the shipped files hold as a comment is right as it stands: whoever takes the comment away has it on."""

import re
from pathlib import Path

from tests.config.samples import ConfigFolder

from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.plan.public.facts import FACTS

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config"
SINGLE = (
    "# flag_other_reporters: true",
    "# why_label: sla-why",
    "  # eta: ETA",
    "  # waiting: ",
)
BLOCK = re.compile(r"^# (?:notes|dormancy):\n(?:#   .*\n)+", re.MULTILINE)
ENTRY = re.compile(r"^# {3}- id: .*\n(?:# {5}.*\n)+", re.MULTILINE)


def without_mark(text: str) -> str:
    """Take the comment away from each line."""
    return re.sub(r"^# ", "", text, flags=re.MULTILINE)


def turned_on(text: str) -> str:
    """Take the comments away from everything that customers and colleagues read."""
    text = BLOCK.sub(lambda found: without_mark(found[0]), text)
    for line in SINGLE:
        text = text.replace(line, line.replace("# ", "", 1))
    entries = "".join(map(without_mark, ENTRY.findall(text)))
    return f"{text}{entries}"


def everything_on(folder: Path) -> Configuration:
    """Load the shipped configuration with all of it on."""
    made = ConfigFolder(folder)
    for file in SHIPPED.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        made.write(str(file.relative_to(SHIPPED)), turned_on(text))
    return load(folder)


def test_what_customers_and_colleagues_read_can_be_turned_on(
    tmp_path: Path,
) -> None:
    """Every kind is on for the tiers of its example, the label, the ETA's field and the flag too."""
    found = everything_on(tmp_path)
    tiers = found.policy.tiers
    assert set(tiers["Expert"].notes) == {
        "registered",
        "call_us",
        "eta",
        "resolved",
    }
    assert set(tiers["Knowledge"].notes) == {"call_us", "resolved"}
    assert all(each.flag_other_reporters for each in tiers.values())
    assert tiers["Expert"].dormancy is not None
    assert found.desk.why_label == "sla-why"
    assert found.desk.eta_field == "ETA"
    assert found.desk.waiting == {"Waiting for customer"}
    assert found.warnings == ()


def test_the_example_of_an_organization_with_people(tmp_path: Path) -> None:
    """R14: its csm, its representatives, and an override of what it reads."""
    water = everything_on(tmp_path).policy.organizations["22"]
    assert water.csm
    assert len(water.representatives) == 2
    assert set(water.terms.notes) == {"call_us", "eta", "resolved"}


def test_the_page_lists_every_fact_of_every_text() -> None:
    """Whoever words a text finds what it can name, and in bold what it has to."""
    page = (ROOT / "docs" / "public-notes.md").read_text(encoding="utf-8")
    listed = [line for line in page.splitlines() if line.startswith("| `")]
    wanted = [
        f"| `{kind}` | {_name(fact.name, in_bold=fact.is_mandatory)} | {fact.is_what} |"
        for kind, facts in FACTS.items()
        for fact in facts
    ]
    assert listed[-len(wanted) :] == wanted


def _name(name: str, *, in_bold: bool) -> str:
    return f"**`{name}`**" if in_bold else f"`{name}`"
