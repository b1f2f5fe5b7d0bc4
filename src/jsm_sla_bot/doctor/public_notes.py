"""Checks of what the customer reads: whether the site's own clocks take the bot's public notes for an answer (D12)."""

from collections.abc import Iterator

from jsm_sla_bot.doctor.examination import Examination, needed
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged, ok
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.sla.contract import Policy, Terms

_CLOCK = "sd-sla-field"
"""The type of a field that holds a clock of Jira's own."""


def native_sla(examination: Examination) -> Verdict:
    """Prove that the bot's comments stop none of Jira's own clocks: only a public one would."""
    kinds = _kinds(examination.policy)
    if not kinds:
        return ok(
            "the bot writes internal notes only: they stop no clock of Jira's own"
        )
    fields = needed(examination.survey.fields)
    clocks = [each.name for each in fields if each.type == _CLOCK]
    remedy = (
        f"let each of them stop at something that only agents do, such as a transition, at "
        f"{_settings(examination)}, or leave the kinds out of notes in policy.yaml, and dormancy for a reminder or a "
        f"closing"
    )
    warnings = [
        Detail(
            f"the clock {name!r} of Jira's own may stop at a public note of the bot's: it counts a comment for the "
            f"customer by any agent as an answer, and policy.yaml turns on {', '.join(kinds)}",
            remedy,
        )
        for name in clocks
    ]
    return judged(
        f"public notes are on ({', '.join(kinds)}), and the site has no clock of its own that they could stop",
        warnings=warnings,
    )


def _settings(examination: Examination) -> str:
    keys = [each.key for each in examination.projects]
    links = [examination.links.clocks(key) for key in keys]
    return ", ".join(links) or "the SLAs of the project"


def _kinds(policy: Policy) -> list[str]:
    """Return the kinds of public note that are on for anybody, also reminders and closings (R11)."""
    found = {kind for one in _terms(policy) for kind in one.notes}
    if policy.knows_dormancy:
        found |= {NoteKind.REMINDER, NoteKind.CLOSING}
    return sorted(str(kind) for kind in found)


def _terms(policy: Policy) -> Iterator[Terms]:
    yield policy.default_terms
    yield from policy.tiers.values()
    for one in policy.organizations.values():
        yield one.terms
        yield from (period.terms for period in one.periods)
