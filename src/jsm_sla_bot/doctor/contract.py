"""Checks of the policy against the site: whether each name of the YAML stands for something there."""

from collections.abc import Iterator, Sequence

from jsm_sla_bot.doctor.examination import Examination, needed
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged, skipped
from jsm_sla_bot.ports.survey import Person, Unread
from jsm_sla_bot.sla.contract import ExclusionBy
from jsm_sla_bot.text.nearest import nearest

_MOST_NAMED = 10


def organizations(examination: Examination) -> Verdict:
    """Prove that the organizations of the YAML are those of the site (R6)."""
    on_site = {
        each.id: each.name for each in needed(examination.survey.organizations)
    }
    mapped = examination.policy.organizations
    if mapped and not on_site:
        return skipped(
            "our account sees none: see the check organizations-visible"
        )
    problems = [
        Detail(
            f"organization {key} ({each.name}) is not on this site",
            f"correct its id in organizations.yaml; the site's are at {examination.links.organizations()}",
        )
        for key, each in mapped.items()
        if key not in on_site
    ]
    unmapped = [
        f"{name} ({key})" for key, name in on_site.items() if key not in mapped
    ]
    warnings = []
    if unmapped:
        what = f"organizations of the site without a tier ({len(unmapped)}): {_some(unmapped)}"
        remedy = "jsm-sla-bot organizations --unmapped --yaml prints the lines to paste"
        warnings = [Detail(what, remedy)]
    return judged(
        f"{len(mapped)} organizations, each on the site", problems, warnings
    )


def products(examination: Examination) -> Verdict:
    """Prove that the products of the policy are those that a request can have (R2, D1)."""
    if examination.desk.product_field is None:
        return skipped("jira.yaml names no product field")
    known = examination.policy.product_names
    problems: list[Detail] = []
    warnings: list[Detail] = []
    for project, options in examination.options_of("fields.product").items():
        offered = {each.strip().casefold(): each for each in options}
        problems += [
            _no_product(name, project, options)
            for name in known
            if name.casefold() not in offered
        ]
        for folded, name in offered.items():
            if folded not in {each.casefold() for each in known}:
                what = f"project {project}: the product {name!r} is not in policy.yaml"
                warnings.append(
                    Detail(
                        what, "add it to products or round_the_clock_products"
                    )
                )
    return judged(f"{len(known)} products, as on the site", problems, warnings)


def _no_product(name: str, project: str, options: Sequence[str]) -> Detail:
    near = nearest(name, options)
    hint = f", did you mean {near!r}?" if near else ""
    what = f"policy.yaml: project {project} has no product {name!r}{hint}"
    return Detail(
        what, "correct the name in policy.yaml, or add the option in Jira"
    )


def statuses(examination: Examination) -> Verdict:
    """Prove that the site has each status that the YAML names (R4, R10)."""
    found = needed(examination.survey.statuses)
    known = {each.name.casefold() for each in found} | {
        each.id for each in found
    }
    names = [each.name for each in found]
    problems = []
    for setting, word in _named_statuses(examination):
        if word.strip().casefold() not in known:
            near = nearest(word, names)
            hint = f", did you mean {near!r}?" if near else ""
            what = f"{setting}: the site has no status {word!r}{hint}"
            problems.append(
                Detail(what, f"correct the name of {setting} in the YAML")
            )
    return judged("each status that the YAML names is on the site", problems)


def _named_statuses(examination: Examination) -> Iterator[tuple[str, str]]:
    desk = examination.desk
    for word, phase in sorted(desk.statuses.items()):
        yield f"jira.yaml: statuses.{phase}", word
    for word in sorted(desk.waiting):
        yield "jira.yaml: statuses.waiting", word
    single = {
        "escalation.status": desk.escalation_status,
        "dormancy.close_to": desk.close_to,
        "dormancy.reopen_to": desk.reopen_to,
    }
    for setting, name in single.items():
        if name:
            yield f"jira.yaml: {setting}", name
    yield from desk.pausing


def request_types(examination: Examination) -> Verdict:
    """Prove that the request types of the policy are on the site (R8)."""
    needed(examination.survey.projects)
    names: set[str] = set()
    for forms in examination.survey.forms.values():
        names |= {each.name for each in needed(forms)}
    known = {each.casefold() for each in names}
    if examination.survey.unseen_projects:
        return skipped("not every project was seen: see the check projects")
    problems = []
    for exclusion in examination.policy.exclusions:
        is_type = exclusion.by is ExclusionBy.REQUEST_TYPE
        if is_type and exclusion.value.casefold() not in known:
            near = nearest(exclusion.value, names)
            hint = f", did you mean {near!r}?" if near else ""
            what = f"{exclusion.source}: no project has a request type {exclusion.value!r}{hint}"
            problems.append(Detail(what, "correct its name in policy.yaml"))
    return judged(
        "each request type that the policy names is on the site", problems
    )


def agents(examination: Examination) -> Verdict:
    """Show by name whose answers acknowledge (R4); an app among them is worth a look."""
    wanted = examination.desk.agent_role.casefold()
    holders: dict[str, Person] = {}
    for key, found in examination.survey.roles.items():
        if isinstance(found, Unread):
            return skipped(f"project {key}: {found.why}")
        for name, members in found.items():
            if name.casefold() == wanted:
                holders |= {each.id: each for each in members}
    known = examination.desk.automations
    apps = [
        each
        for each in holders.values()
        if each.is_app and each.id not in known
    ]
    warnings = [
        Detail(
            f"{each.name} ({each.id}) is an app and holds the agents' role",
            "an app's answer never acknowledges; list it under agents.automations in jira.yaml to say so",
        )
        for each in apps
        if each.id != _own_id(examination)
    ]
    people = sorted(each.name for each in holders.values() if not each.is_app)
    return judged(f"{len(people)} agents: {_some(people)}", warnings=warnings)


def _own_id(examination: Examination) -> str | None:
    account = examination.survey.account
    return None if isinstance(account, Unread) else account.id


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
