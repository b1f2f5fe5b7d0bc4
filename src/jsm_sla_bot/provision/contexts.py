"""What the contexts of a field lack: in which projects and for which work types it holds, and its options there.

Where no context covers a project, it gets one of its own; one that somebody has limited to some work types is given
the others. A disabled option is left to people: somebody has disabled it.
"""

from collections.abc import Iterator, Sequence

from jsm_sla_bot.ports.admin_links import AdminLinks
from jsm_sla_bot.ports.provision import (
    AddOptions,
    ByHand,
    Context,
    FieldSetup,
    MakeContext,
    OrderOptions,
    Setup,
    Step,
    WidenContext,
)
from jsm_sla_bot.ports.survey import ProjectFacts, WorkType
from jsm_sla_bot.provision.wanted import FieldToHave

_SELECTS = frozenset({"select", "radiobuttons"})


def contexts_to_complete(
    setup: Setup, wanted: FieldToHave, found: FieldSetup
) -> Iterator[Step | ByHand]:
    """Yield what completes the contexts of a field that the site has, as far as they were read."""
    if not found.are_contexts_known:
        return
    served = [each for each in setup.projects if not each.is_team_managed]
    yield from _covering(wanted, found, served)
    if found.type not in _SELECTS:
        return
    ours = frozenset(each.id for each in served)
    for context in found.contexts:
        if not context.projects or context.projects & ours:
            yield from _options(setup, wanted, found, context)


def _covering(
    wanted: FieldToHave, found: FieldSetup, served: Sequence[ProjectFacts]
) -> Iterator[Step]:
    """Yield what lets the field hold in all projects served, for all of their work types."""
    key = wanted.wanted.setting
    alone = []
    for project in served:
        lacking = _uncovered(found, project)
        if not lacking:
            continue
        own = _own_context(found, project)
        if own is None:
            alone.append(project)
        else:
            yield WidenContext(key, found.name, own.id, project.key, lacking)
    if alone:
        texts = [texts[0] for texts in wanted.choices]
        yield MakeContext(key, found.name, alone, texts)


def _uncovered(found: FieldSetup, project: ProjectFacts) -> Sequence[WorkType]:
    return [
        each
        for each in project.work_types
        if not any(
            context.covers(project.id, each.id) for context in found.contexts
        )
    ]


def _own_context(found: FieldSetup, project: ProjectFacts) -> Context | None:
    """Return the context that names a project: Jira gives it no second one."""
    own = (each for each in found.contexts if project.id in each.projects)
    return next(own, None)


def _options(
    setup: Setup, wanted: FieldToHave, found: FieldSetup, context: Context
) -> Iterator[Step | ByHand]:
    key = wanted.wanted.setting
    where = AdminLinks(setup.base_url).field_options(found.id)
    lacking = [
        texts[0] for texts in wanted.choices if not _has_any(context, texts)
    ]
    if lacking:
        yield AddOptions(key, found.name, lacking, context.id)
    for text in _disabled(context, wanted):
        what = f"enable the option {text!r} of {found.name!r} ({found.id}): somebody has disabled it"
        yield ByHand(what, where)
    after = [each.text for each in context.options] + lacking
    order = _in_order(after, wanted)
    if order == after:
        return
    if found.is_made_here:
        yield OrderOptions(key, found.name, order, context.id)
    elif wanted.is_chosen_by_people:
        what = f"put the options of {found.name!r} ({found.id}) in this order: {', '.join(order)}"
        yield ByHand(what, where)


def _disabled(context: Context, wanted: FieldToHave) -> Iterator[str]:
    """Yield the options that are needed and of which every text that would do is disabled."""
    enabled = [each for each in context.options if not each.is_disabled]
    offered = Context(context.id, options=enabled)
    for texts in wanted.choices:
        if _has_any(context, texts) and not _has_any(offered, texts):
            yield next(
                each.text
                for each in context.options
                if _has_any(Context(context.id, options=[each]), texts)
            )


def _has_any(context: Context, texts: Sequence[str]) -> bool:
    known = {each.text.strip().casefold() for each in context.options}
    known |= {each.id for each in context.options}
    return any(text.strip().casefold() in known for text in texts)


def _in_order(texts: Sequence[str], wanted: FieldToHave) -> list[str]:
    """Return the options with those that are wanted in order, in the places that wanted ones have now."""
    ranks = {
        text.strip().casefold(): rank
        for rank, synonyms in enumerate(wanted.choices)
        for text in synonyms
    }
    known = [each for each in texts if each.strip().casefold() in ranks]
    sorted_ones = iter(
        sorted(known, key=lambda each: ranks[each.strip().casefold()])
    )
    return [
        next(sorted_ones) if each.strip().casefold() in ranks else each
        for each in texts
    ]
