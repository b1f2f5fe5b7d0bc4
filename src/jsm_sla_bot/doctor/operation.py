"""Checks of the bot's own house: its journal, and how far its calendars reach."""

from datetime import date, timedelta

from jsm_sla_bot.doctor.check import Check, Group
from jsm_sla_bot.doctor.examination import Examination
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged

WARN_BEFORE = timedelta(days=60)
"""So long before a calendar ends ops are warned."""


def journal(examination: Examination) -> Verdict:
    """Prove that the journal can be opened and is of a version that this bot knows."""
    operation = examination.operation
    if operation.journal is None:
        return judged(f"{operation.journal_at} is in order")
    remedy = "correct JSM_SLA_BOT_JOURNAL_URL, or see README: the journal; run --new-journal erases one of another site"
    return judged("", [Detail(operation.journal, remedy)])


def notifiers(examination: Examination) -> Verdict:
    """Prove that the secrets of the channels can be read. Whether a service takes notices only a probe tells."""
    channels = examination.operation.channels
    problems = [
        Detail(
            f"channel {name}: {wrong}",
            f"correct the file or notify.yaml, then jsm-sla-bot notify test {name}",
        )
        for name, wrong in sorted(channels.items())
        if wrong
    ]
    well = ", ".join(sorted(channels)) or "notify.yaml names no channel"
    return judged(well, problems)


def calendars(examination: Examination) -> Verdict:
    """Prove that each calendar in use reaches far enough: past its end no due time is known (D15)."""
    problems = []
    warnings = []
    today = examination.now.date()
    last = min(
        each.spec.last_year for each in examination.policy.calendars.values()
    )
    for name, calendar in sorted(examination.policy.calendars.items()):
        ends = date(calendar.spec.last_year, 12, 31)
        remedy = f"jsm-sla-bot calendars refresh {name}"
        if ends < today:
            problems.append(
                Detail(f"the calendar {name} ended on {ends}", remedy)
            )
        elif ends - today <= WARN_BEFORE:
            warnings.append(
                Detail(f"the calendar {name} ends on {ends}", remedy)
            )
    count = len(examination.policy.calendars)
    well = f"{count} calendars, until the end of {last} at least"
    return judged(well, problems, warnings)


CHECKS = (
    Check(
        "journal",
        Group.OPERATION,
        "the journal can be opened and is of a known version",
        "all",
        frozenset(),
        journal,
    ),
    Check(
        "notifiers",
        Group.OPERATION,
        "the secrets of the channels of notify.yaml can be read",
        "R10",
        frozenset(),
        notifiers,
    ),
    Check(
        "calendars",
        Group.OPERATION,
        "each calendar reaches far enough",
        "R1, D15",
        frozenset(),
        calendars,
    ),
)
"""The checks of this module."""
