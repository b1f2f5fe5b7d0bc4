"""`notify.yaml` as values, and the names in it that lead nowhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema.notify import (
    ChannelShape,
    NotifyShape,
    RouteShape,
)
from jsm_sla_bot.config.schema.severity import SEVERITIES
from jsm_sla_bot.ports.notify_plan import ChannelPlan, NotifyPlan, Route
from jsm_sla_bot.text.nearest import nearest


def notify_plan(shape: NotifyShape) -> NotifyPlan:
    """Return who is told of what."""
    channels = shape.channels or {}
    return NotifyPlan(
        channels={name: _channel(each) for name, each in channels.items()},
        routes=tuple(map(_route, shape.routes or ())),
        digest=tuple(shape.digest.to) if shape.digest else (),
    )


def _channel(shape: ChannelShape) -> ChannelPlan:
    ((service, keys),) = shape.given.items()
    options: Mapping[str, Any] = keys.model_dump()
    return ChannelPlan(service, options)


def _route(shape: RouteShape) -> Route:
    return Route(
        to=tuple(shape.to),
        rungs=frozenset(shape.rungs or ()),
        tiers=frozenset(shape.tiers or ()),
        severities=frozenset(
            SEVERITIES[each] for each in shape.severities or ()
        ),
        organizations=frozenset(shape.organizations or ()),
        projects=frozenset(shape.projects or ()),
        when=shape.hours,
        goes_on=shape.go_on,
        repeat=shape.repeat,
        quiet=shape.quiet,
    )


def notify_problems(folder: Folder) -> Iterator[Problem]:
    """Yield whatever names a channel, a tier or an organization that there is not."""
    document = folder.notify
    channels = document.keys(("channels",))
    tiers = folder.policy.keys(("tiers",))
    organizations = [*_organizations(folder.organizations)]
    yield from _dangling(
        document, ("digest", "to"), channels, "a channel of this file"
    )
    for index, _ in document.mappings(("routes",)):
        here: Path = ("routes", index)
        known = (
            ("to", channels, "a channel of this file"),
            ("tiers", tiers, "a tier of policy.yaml"),
            ("organizations", organizations, "an id of organizations.yaml"),
        )
        for key, names, what in known:
            yield from _dangling(document, (*here, key), names, what)


def never_told(folder: Folder) -> Iterator[str]:
    """Warn of a channel that no route leads to."""
    document = folder.notify
    used = set(document.texts(("digest", "to")))
    for index, _ in document.mappings(("routes",)):
        used.update(document.texts(("routes", index, "to")))
    for name in document.keys(("channels",)):
        if name not in used:
            line = document.line(("channels", name))
            yield f"{document.shown_as}:{line}: no route leads to the channel {name!r}, so nobody is told there"


def _organizations(document: Document) -> Iterator[str]:
    for _, entry in document.mappings(("organizations",)):
        yield str(entry.get("id", "")).strip()


def _dangling(
    document: Document, path: Path, names: list[str], what: str
) -> Iterator[Problem]:
    for number, entry in enumerate(document.entries(path)):
        name = str(entry).strip()
        if name and name not in names:
            yield document.problem(
                (*path, number),
                found=shown(entry),
                expected=what,
                suggestion=nearest(name, names),
            )
