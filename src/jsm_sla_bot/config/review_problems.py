"""Whether `reviews` of the policy and of `jira.yaml` fit each other and the rest (R13, D28, D29)."""

from collections.abc import Iterator

from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema import JIRA, POLICY
from jsm_sla_bot.config.schema.jira import IGNORE_LABEL
from jsm_sla_bot.config.schema.reviews import ReviewNamesShape
from jsm_sla_bot.text.nearest import nearest

REVIEWS: Path = ("reviews",)
_LABELS = ("service_review_label", "health_check_label")
_OTHERS: tuple[Path, ...] = (
    ("why_label",),
    ("ignore_label",),
    ("called", "label"),
    ("dormancy", "keep_open_label"),
)


def review_problems(folder: Folder, tiers: list[str]) -> Iterator[Problem]:
    """Yield every problem."""
    policy, jira = folder.policy, folder.jira
    for kind in policy.keys(REVIEWS):
        for by_tier in ("every", "with_csm"):
            yield from _tiers(policy, (*REVIEWS, kind, by_tier), tiers)
    yield from _without_names(policy, jira)
    yield from _nowhere_to_raise(policy, jira)
    yield from _unserved(jira)
    yield from _shared_labels(jira)


def _tiers(
    policy: Document, here: Path, tiers: list[str]
) -> Iterator[Problem]:
    """Refuse a tier that the policy does not have."""
    for name in policy.keys(here):
        if tiers and name not in tiers:
            yield policy.key_problem(
                (*here, name),
                found=shown(name),
                expected=f"a tier of {POLICY}: {', '.join(tiers)}",
                suggestion=nearest(name, tiers),
            )


def _without_names(policy: Document, jira: Document) -> Iterator[Problem]:
    """Refuse reviews that nobody could find: what their requests are called is not said."""
    if policy.keys(REVIEWS) and jira.find(REVIEWS) is None:
        yield policy.key_problem(
            REVIEWS,
            found="reviews without names",
            expected=f"the key 'reviews' in {JIRA} to say what their requests are called",
        )


def _nowhere_to_raise(policy: Document, jira: Document) -> Iterator[Problem]:
    """Refuse a kind that is to be raised where it is not said in which project, as which work type (D29)."""
    if jira.find(REVIEWS) is None:
        return
    named = jira.keys(REVIEWS)
    missing = [key for key in ("project", "issue_type") if key not in named]
    for kind in policy.keys(REVIEWS):
        path = (*REVIEWS, kind, "raise_requests")
        if missing and policy.find(path) is True:
            yield policy.problem(
                path,
                found="true",
                expected=f"reviews.{missing[0]} in {JIRA} to say where the requests are raised",
            )


def _unserved(jira: Document) -> Iterator[Problem]:
    """Refuse a project that the bot does not serve: it would not find what it has raised."""
    path = (*REVIEWS, "project")
    name = jira.find(path)
    served = jira.texts(("projects",))
    if served and isinstance(name, str) and name not in served:
        yield jira.problem(
            path,
            found=shown(name),
            expected=f"one of the projects: {', '.join(served)}",
            suggestion=nearest(name, served),
        )


def _shared_labels(jira: Document) -> Iterator[Problem]:
    """Refuse a label that says something else, too."""
    if jira.find(REVIEWS) is None:
        return
    taken = {
        _folded(label): ".".join(map(str, path))
        for path in _OTHERS
        if (label := jira.find(path))
    }
    if jira.find(("ignore_label",)) is None:
        taken[IGNORE_LABEL] = "ignore_label"
    for key in _LABELS:
        path = (*REVIEWS, key)
        label = _label(jira, key)
        if _folded(label) in taken:
            yield jira.problem(
                path if jira.find(path) else REVIEWS,
                found=shown(label),
                expected=f"a label of its own: this one is {taken[_folded(label)]}",
            )
        taken[_folded(label)] = f"reviews.{key}"


def _label(jira: Document, key: str) -> object:
    given = jira.find((*REVIEWS, key))
    return given or ReviewNamesShape.model_fields[key].default


def _folded(label: object) -> str:
    return str(label).strip().casefold()
