"""What people do by hand, as a numbered list in Markdown: what no public API does, or all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from jsm_sla_bot.ports.admin_links import AdminLinks
from jsm_sla_bot.ports.provision import (
    AddOptions,
    Associate,
    ByHand,
    MakeContext,
    MakeField,
    OrderOptions,
    Provisioning,
    PutOnScreen,
    RestoreField,
    Setup,
    Step,
    WidenContext,
)
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.provision.wanted import FieldToHave


def always_by_hand(
    setup: Setup, desk: Desk, wanted: Sequence[FieldToHave]
) -> Sequence[ByHand]:
    """Return what no public API does, project by project: forms, agent view, workflow, team-managed fields."""
    links = AdminLinks(setup.base_url)
    wanted = _by_their_names(wanted, setup)
    found: list[ByHand] = []
    for project in setup.projects:
        if project.is_team_managed:
            found += _team_managed(project.key, links, wanted)
        else:
            found += _company_managed(project.key, links, desk, wanted)
    return found


def _by_their_names(
    wanted: Sequence[FieldToHave], setup: Setup
) -> Sequence[FieldToHave]:
    """Return the fields by the names that people see, where `jira.yaml` gives ids."""
    names = _names(setup)
    return [
        replace(each, name=names.get(each.name, each.name)) for each in wanted
    ]


def _names(setup: Setup) -> Mapping[str, str]:
    return {each.id: each.name for each in setup.fields}


def _team_managed(
    key: str, links: AdminLinks, wanted: Sequence[FieldToHave]
) -> Iterator[ByHand]:
    for each in wanted:
        options = ", ".join(texts[0] for texts in each.choices)
        choices = f", with the options {options}" if options else ""
        what = f"{key} is team-managed: make the field {each.name!r} ({each.type}) in it{choices}"
        yield ByHand(what, links.fields_of(key))
    what = (
        f"{key} is team-managed: let a bot with a configuration and a journal of its own serve it, with projects: "
        f"[{key}], agents.role: the role of its agents (often Member) and the ids of these fields in its jira.yaml, "
        "and name the other projects in this one"
    )
    yield ByHand(what, links.people(key))


def _company_managed(
    key: str, links: AdminLinks, desk: Desk, wanted: Sequence[FieldToHave]
) -> Iterator[ByHand]:
    chosen = [
        each.name
        for each in wanted
        if each.wanted.setting in {"fields.severity", "fields.product"}
    ]
    if chosen:
        what = f"{key}: put {_listed(chosen)} on the portal form of each request type, required"
        yield ByHand(what, links.request_types(key))
    for each in wanted:
        if each.wanted.setting == "called.field":
            what = f"{key}: put {each.name} on the portal form, not required: a customer who phoned says so there"
            yield ByHand(what, links.request_types(key))
    what = f"{key}: put each request type into a group of the portal: one without a group is shown to nobody"
    yield ByHand(what, links.request_types(key))
    shown = [each.name for each in wanted if not each.is_chosen_by_people]
    what = f"{key}: show {_listed(shown)} in the agents' view of each request type"
    yield ByHand(what, links.request_types(key))
    if desk.escalation_status:
        what = (
            f"{key}: add the status {desk.escalation_status!r} to the workflow, with a transition to it from every "
            "status in which a request waits for its first answer, and give our account the right to make it"
        )
        yield ByHand(what, links.workflows(key))


def described(step: Step) -> str:
    """Return a step in words, as a sentence without its end."""
    match step:
        case MakeField(name=name, type=kind):
            return f"make the field {name!r} ({kind.rpartition(':')[2]})"
        case RestoreField(field_id=field_id, name=name):
            return f"restore the field {name!r} ({field_id}) from the trash"
        case AddOptions() | OrderOptions() | MakeContext() | WidenContext():
            return _of_contexts(step)
        case PutOnScreen(name=name, screen=screen):
            where = f"screen {screen.name!r} ({screen.id})"
            return f"put {name!r} on the {where}, which serves {_listed(screen.projects)}"
        case Associate(name=name, scheme=scheme):
            where = f"{scheme.name!r} ({scheme.id})"
            more = " for more work types" if step.work_types else ""
            return f"associate {name!r}{more} with {where}, which serves {_listed(scheme.projects)}"


def _of_contexts(
    step: AddOptions | OrderOptions | MakeContext | WidenContext,
) -> str:
    match step:
        case AddOptions(name=name, texts=texts):
            return f"add to {name!r} the options {', '.join(texts)}"
        case OrderOptions(name=name, texts=texts):
            return f"put the options of {name!r} in order: {', '.join(texts)}"
        case MakeContext(name=name, projects=projects, texts=texts):
            keys = _listed([each.key for each in projects])
            options = f", with the options {', '.join(texts)}" if texts else ""
            return f"make a context of {name!r} for {keys}, which no context covers{options}"
        case WidenContext(name=name, project=project, work_types=types):
            names = _listed([each.name for each in types])
            return f"let the context of {name!r} for {project} hold for {names} too"


def checklist(
    provisioning: Provisioning, setup: Setup, by_hand: Sequence[ByHand]
) -> str:
    """Return everything as a numbered list in Markdown, with deep links: for a site whose ops are no administrators."""
    links = AdminLinks(setup.base_url)
    steps = [
        ByHand(_sentence(described(each)), _where(each, links))
        for each in provisioning.steps
    ]
    rows = [*steps, *provisioning.by_hand, *by_hand]
    lines = [f"# To set up {setup.base_url} for jsm-sla-bot", ""]
    lines += [
        f"{number}. [ ] {_sentence(each.what)} <{each.where}>"
        for number, each in enumerate(rows, start=1)
    ]
    if not rows:
        lines.append("Nothing to do.")
    return "\n".join(lines) + "\n"


def queries(desk: Desk, setup: Setup) -> Sequence[tuple[str, str]]:
    """Return JQL for queues and filters, each with its name, ready to paste: JQL knows fields by name, not by id."""
    known = _names(setup)
    names = {
        own.value: known.get(name, name)
        for own, name in desk.sla_fields.items()
    }
    status = names.get("response_sla")
    due = names.get("response_due")
    found = []
    if status:
        found.append(
            ("Breached", f'"{status}" = "Breached" AND statusCategory != Done')
        )
        found.append(
            ("At risk", f'"{status}" = "At risk" AND statusCategory != Done')
        )
    if due:
        found.append(
            (
                "Due within four hours",
                f'"{due}" <= "4h" AND statusCategory != Done ORDER BY "{due}" ASC',
            )
        )
        found.append(
            (
                "By due time",
                f'"{due}" is not EMPTY AND statusCategory != Done ORDER BY "{due}" ASC',
            )
        )
    return found


def _where(step: Step, links: AdminLinks) -> str:
    match step:
        case RestoreField():
            return links.trash()
        case _:
            return links.custom_fields()


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
