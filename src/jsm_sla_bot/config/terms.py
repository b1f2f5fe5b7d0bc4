"""What each organization is owed: its tier's terms with its own overrides worked in (R1-R5, R12)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from jsm_sla_bot.config import dormancy, public_notes
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.schema.contract import (
    SomeAcknowledgement,
    SomePhone,
    SomeSeverityChange,
    SomeTargets,
    Targets,
)
from jsm_sla_bot.config.schema.organizations import (
    OrganizationShape,
    Overrides,
    PeriodShape,
)
from jsm_sla_bot.config.schema.policy import PolicyShape
from jsm_sla_bot.config.schema.severity import SEVERITIES
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import (
    AcknowledgementRule,
    Organization,
    SeverityRule,
    Target,
    Terms,
)

T = TypeVar("T")

_WHOLE = (
    "calendar",
    "round_the_clock_products",
    "phone",
    "severity_change",
    "acknowledgement",
    "reopen",
)
"""The parts of terms that an override gives or leaves as a whole."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """All that terms are made from."""

    policy: PolicyShape
    policy_file: Document
    organizations_file: Document
    calendars: Mapping[str, BusinessCalendar]
    labels: dormancy.Labels

    def tier(self, name: str) -> Terms:
        """Return the terms of a tier, as they hold for an organization without overrides."""
        shape = self.policy
        products = shape.round_the_clock_products
        phone = shape.phone
        severity_change = shape.severity_change
        acknowledgement = shape.acknowledgement
        return Terms(
            tier=name,
            targets=_targets(shape.tiers[name].targets),
            fallback_tier=phone.fallback_tier,
            fallback=_targets(shape.tiers[phone.fallback_tier].targets),
            calendar=self.calendars[shape.calendar],
            round_the_clock_products=_folded(products),
            known_products=_folded([*products, *shape.products]),
            clock_starts=phone.clock_starts,
            severity_change=SeverityRule(
                raised=severity_change.raised,
                lowered=severity_change.lowered,
            ),
            acknowledgement=AcknowledgementRule(
                acknowledgement.public_comment,
                acknowledgement.status,
                acknowledgement.severity,
            ),
            reopen=shape.reopen,
            notes=public_notes.of_tier(shape.notes, name),
            dormancy=dormancy.of_tier(shape.dormancy, name, self.labels),
            flag_other_reporters=shape.flag_other_reporters,
            severity_definitions=_meanings(shape),
            tell_severity_changes=shape.tell_severity_changes,
            sources=self._tier_sources(name),
        )

    def default(self) -> Terms:
        """Return the terms of a request without a mapped organization (D11)."""
        terms = self.tier(self.policy.defaults.tier)
        source = self.policy_file.source(("defaults", "tier"))
        return replace(terms, sources={**terms.sources, "tier": source})

    def organization(
        self,
        index: int,
        shape: OrganizationShape,
        tiers: Mapping[str, Terms],
    ) -> Organization:
        """Return an organization with the terms that hold for it, in each of its periods (R6, R7, R12)."""
        here: Path = ("organizations", index)
        if shape.periods is None:
            return self._agreed(here, shape, shape, tiers)
        periods = [
            self._agreed((*here, "periods", number), shape, period, tiers)
            for number, period in enumerate(shape.periods)
        ]
        periods.sort(key=_begins)
        return replace(periods[-1], periods=tuple(periods))

    def _agreed(
        self,
        here: Path,
        shape: OrganizationShape,
        agreed: OrganizationShape | PeriodShape,
        tiers: Mapping[str, Terms],
    ) -> Organization:
        """Return an organization with the terms of one period, or with its own where it has no periods."""
        base = tiers[agreed.tier or ""]
        source = self.organizations_file.source((*here, "tier"))
        terms = replace(base, sources={**base.sources, "tier": source})
        if agreed.overrides is not None:
            terms = self._overridden(terms, agreed.overrides, here, tiers)
        return Organization(
            id=shape.id,
            name=shape.name,
            terms=terms,
            valid_from=agreed.valid_from,
            valid_until=agreed.valid_until,
            suspended=shape.suspended or agreed.suspended,
            source=self.organizations_file.source(here),
            csm=shape.csm or "",
            representatives=tuple(shape.representatives),
        )

    def _overridden(
        self,
        base: Terms,
        overrides: Overrides,
        here: Path,
        tiers: Mapping[str, Terms],
    ) -> Terms:
        """Return the terms with an organization's own in their place (R12)."""
        targets = _some_targets(overrides.targets)
        phone = overrides.phone or SomePhone()
        fallback_tier = phone.fallback_tier or base.fallback_tier
        parts = _given_parts(overrides)
        sources = {
            **base.sources,
            **self._fallback_sources(fallback_tier),
            **self._override_sources(here, targets, parts),
        }
        return replace(
            base,
            targets={**base.targets, **targets},
            fallback_tier=fallback_tier,
            fallback=tiers[fallback_tier].targets,
            calendar=self._own_calendar(overrides, base),
            round_the_clock_products=_own_products(overrides, base),
            clock_starts=phone.clock_starts or base.clock_starts,
            severity_change=_own_severity_rule(overrides, base),
            acknowledgement=_own_acknowledgement(overrides, base),
            reopen=overrides.reopen or base.reopen,
            overridden=(*map(_target_path, targets), *parts),
            pauses_in=_folded(overrides.pauses_in or ()),
            notes=public_notes.of_organization(
                overrides.notes, self.policy.notes, base.notes, base.tier
            ),
            dormancy=dormancy.of_organization(
                overrides.dormancy,
                self.policy.dormancy,
                base.dormancy,
                self.labels,
            ),
            flag_other_reporters=_either(
                overrides.flag_other_reporters, base.flag_other_reporters
            ),
            sources=sources,
        )

    def _own_calendar(
        self, overrides: Overrides, base: Terms
    ) -> BusinessCalendar:
        if overrides.calendar is None:
            return base.calendar
        return self.calendars[overrides.calendar]

    def _tier_sources(self, name: str) -> dict[str, str]:
        """Return where each part of a tier's terms stands."""
        document = self.policy_file
        sources = {path: document.source((path,)) for path in _WHOLE}
        for severity, number in SEVERITIES.items():
            path = ("tiers", name, "targets", severity)
            sources[_target_path(number)] = document.source(path)
        sources |= self._fallback_sources(self.policy.phone.fallback_tier)
        if self.policy.flag_other_reporters:
            flag = "flag_other_reporters"
            sources[flag] = document.source((flag,))
        sources["tier"] = document.source(("tiers", name))
        if self.policy.dormancy:
            sources["dormancy"] = document.source(("dormancy",))
        return sources

    def _fallback_sources(self, tier: str) -> dict[str, str]:
        sources = {}
        for severity, number in SEVERITIES.items():
            path = ("tiers", tier, "targets", severity)
            sources[f"fallback.{number}"] = self.policy_file.source(path)
        return sources

    def _override_sources(
        self,
        here: Path,
        targets: Iterable[int],
        parts: Iterable[str],
    ) -> dict[str, str]:
        """Return where each of an organization's own parts stands."""
        document = self.organizations_file
        own = (*here, "overrides")
        sources = {part: document.source((*own, part)) for part in parts}
        for number in targets:
            path = (*own, "targets", _NAMES[number])
            sources[_target_path(number)] = document.source(path)
        return sources


_NAMES = {number: name for name, number in SEVERITIES.items()}


def _target_path(number: int) -> str:
    """Return how the terms name the target of a severity."""
    return f"targets.{number}"


def _begins(period: Organization) -> date:
    return period.valid_from or date.min


def _folded(names: Iterable[str]) -> frozenset[str]:
    """Return names as they are compared: without regard to case."""
    return frozenset(name.casefold() for name in names)


def _targets(shape: Targets) -> dict[int, Target]:
    return {
        number: given.target() for number, given in shape.by_number().items()
    }


def _some_targets(shape: SomeTargets | None) -> dict[int, Target]:
    given = shape.by_number() if shape else {}
    return {number: target.target() for number, target in given.items()}


def _given_parts(overrides: Overrides) -> list[str]:
    """Return the names of the parts that are overridden as a whole."""
    every = (*_WHOLE, "pauses_in", "notes", "dormancy", "flag_other_reporters")
    return [name for name in every if getattr(overrides, name) is not None]


def _own_products(overrides: Overrides, base: Terms) -> frozenset[str]:
    own = overrides.round_the_clock_products
    return base.round_the_clock_products if own is None else _folded(own)


def _own_severity_rule(overrides: Overrides, base: Terms) -> SeverityRule:
    own = overrides.severity_change or SomeSeverityChange()
    rule = base.severity_change
    return SeverityRule(
        raised=own.raised or rule.raised,
        lowered=own.lowered or rule.lowered,
    )


def _own_acknowledgement(
    overrides: Overrides, base: Terms
) -> AcknowledgementRule:
    own = overrides.acknowledgement or SomeAcknowledgement()
    rule = base.acknowledgement
    return AcknowledgementRule(
        _either(own.public_comment, rule.public_comment),
        _either(own.status, rule.status),
        _either(own.severity, rule.severity),
    )


def _either(own: T | None, otherwise: T) -> T:
    """Return an organization's own value, or the other where it has none; false is a value, too."""
    return otherwise if own is None else own


def _meanings(shape: PolicyShape) -> dict[int, str]:
    """Return what each severity means, as a part of a sentence: without a full stop of its own."""
    given = shape.severity_definitions.by_number()
    return {
        severity: " ".join(meaning.split()).rstrip(".")
        for severity, meaning in given.items()
    }
