"""The names under which the journal remembers are persisted: a release that renames one forgets what stood there."""

from jsm_sla_bot.ports.journal import Mark

KEPT = {
    "admitted": "the policy in force counts as new, and the whole desk is judged again",
    "refused": "`status` no longer says why a policy is held back",
    "allowed": "a person's word for a policy is lost",
    "gone": "`status` no longer says why requests are not believed to be gone",
    "gone_ids": "`allow` no longer knows which requests are meant",
    "gone_allowed": "a person's word that requests are gone is lost",
    "facts": "`status` knows nothing of the daemon until it writes again",
    "site": "the journal no longer refuses another site",
    "identity": "the same site under another address counts as another one",
    "scope": "the projects covered count as new",
    "first_sweep": "done requests of before the first sweep are owed for ever, or never",
    "looked_back": "the look far behind the watermark comes too early",
    "configuration": "a restart with broken files has no configuration to go on with",
}


def test_a_mark_keeps_its_name() -> None:
    """A mark may be added; whoever renames one says how the old name is read."""
    assert {str(mark): KEPT.get(mark, "") for mark in Mark} == KEPT
