"""Checks of the options of selects: those of `jira.yaml`, in its order, and the words that the bot writes."""

from collections.abc import Iterator, Sequence

from jsm_sla_bot.doctor.examination import SELECTS, Examination
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.sla.assessment import SlaStatus

_SEVERITY = "fields.severity"
_ADDED = "jsm-sla-bot provision adds it, or names the disabled one to enable"


def offered(examination: Examination) -> Verdict:
    """Prove that the options of the selects are those that `jira.yaml` and the bot know, the severest first."""
    problems: list[Detail] = []
    warnings: list[Detail] = []
    field = examination.field_of(_SEVERITY)
    severities = examination.options_of(_SEVERITY)
    for project, found in severities.items():
        problems += _severity_problems(examination, project, found)
        warnings += _out_of_order(examination, project, found)
    problems += _lacking_words(examination)
    count = max(len(found) for found in severities.values())
    name = field.name if field else _SEVERITY
    return judged(
        f"{name}: {count} options, as in jira.yaml", problems, warnings
    )


def _severity_problems(
    examination: Examination, project: str, found: Sequence[str]
) -> Iterator[Detail]:
    known = {
        text.strip().casefold(): number
        for text, number in examination.desk.severities.items()
    }
    unknown = [each for each in found if each.strip().casefold() not in known]
    if unknown:
        what = f"project {project}: the severity {_quoted(unknown)} is not in jira.yaml: such requests are set aside"
        yield Detail(what, "add it to severities in jira.yaml")
    offered = {known.get(each.strip().casefold()) for each in found}
    lacking = sorted(set(known.values()) - offered)
    if lacking:
        what = f"project {project}: no option stands for severity {', '.join(f'S{each}' for each in lacking)}"
        yield Detail(what, _ADDED)


def _out_of_order(
    examination: Examination, project: str, found: Sequence[str]
) -> Iterator[Detail]:
    known = {
        text.strip().casefold(): number
        for text, number in examination.desk.severities.items()
    }
    numbers = [
        known[word]
        for each in found
        if (word := each.strip().casefold()) in known
    ]
    if numbers != sorted(numbers):
        what = f"project {project}: the severities are not in order: {', '.join(found)}"
        yield Detail(
            what, "jsm-sla-bot provision moves them, the severest first"
        )


def _lacking_words(examination: Examination) -> Iterator[Detail]:
    """Yield the words that the bot writes to a select and that are no option of it."""
    written = {
        SlaField.RESPONSE_SLA: [str(each) for each in SlaStatus],
        SlaField.SUPPORT_TIER: list(examination.policy.tiers),
    }
    for own, words in written.items():
        setting = f"sla_fields.{own}"
        field = examination.field_of(setting)
        if field is None or field.type not in SELECTS:
            continue
        for project, found in examination.offered_options(setting).items():
            known = {each.strip().casefold() for each in found}
            lacking = [each for each in words if each.casefold() not in known]
            if lacking:
                what = f"project {project}: {field.name!r} ({field.id}) lacks {_quoted(lacking)}"
                yield Detail(what, _ADDED)


def called(examination: Examination) -> Verdict:
    """Prove that the words by which a phone call is known are options of its field (R3)."""
    desk = examination.desk
    field = examination.field_of("called.field")
    if field is None or field.type == "datetime" or not desk.called_values:
        return judged("a phone call needs no option")
    problems = []
    for project, found in examination.options_of("called.field").items():
        known = {each.strip().casefold() for each in found}
        lacking = [
            each
            for each in sorted(desk.called_values)
            if each.casefold() not in known
        ]
        if lacking:
            what = f"project {project}: {field.name!r} ({field.id}) lacks {_quoted(lacking)}"
            problems.append(Detail(what, "correct called.values in jira.yaml"))
    return judged("the words for a phone call are options", problems)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(repr(each) for each in words)
