"""What each organization is owed: its tier's terms with its own overrides worked in (R1-R5, R12)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.schema.contract import (
    Acknowledgement,
    SeverityChange,
    SomeTargets,
    Targets,
)
from jsm_sla_bot.config.schema.organizations import (
    OrganizationShape,
    Overrides,
    PeriodShape,
)
from jsm_sla_bot.config.schema.policy import PolicyShape
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import (
    AcknowledgementRule,
    Organization,
    SeverityRule,
    Target,
    Terms,
)

SEVERITIES = {"S1": 1, "S2": 2, "S3": 3, "S4": 4}
_WHOLE = (
    "calendar",
    "round_the_clock_products",
    "phone",
    "severity_change",
    "acknowledgement",
    "reopen",
)


@dataclass(frozen=True, slots=True)
class Drafting:
    """All that terms are made from."""

    policy: PolicyShape
    policy_file: Document
    organizations_file: Document
    calendars: Mapping[str, BusinessCalendar]

    def tier(self, name: str) -> Terms:
        """Return the terms of a tier, as they hold for an organization without overrides."""
        shape = self.policy
        return Terms(
            tier=name,
            targets=_targets(shape.tiers[name].targets),
            fallback_tier=shape.phone.fallback_tier,
            fallback=_targets(shape.tiers[shape.phone.fallback_tier].targets),
            calendar=self.calendars[shape.calendar],
            round_the_clock_products=_folded(shape.round_the_clock_products),
            known_products=_folded([*shape.round_the_clock_products, *shape.products]),
            clock_starts=shape.phone.clock_starts,
            severity_change=_severity_rule(shape.severity_change),
            acknowledgement=_acknowledgement_rule(shape.acknowledgement),
            reopen=shape.reopen,
            sources=self._tier_sources(name),
        )

    def default(self) -> Terms:
        """Return the terms of a request without a mapped organization (D11)."""
        terms = self.tier(self.policy.defaults.tier)
        return replace(
            terms,
            sources={
                **terms.sources,
                "tier": self.policy_file.source(("defaults", "tier")),
            },
        )

    def organization(
        self, index: int, shape: OrganizationShape, tiers: Mapping[str, Terms]
    ) -> Organization:
        """Return an organization with the terms that hold for it, in each of its periods (R6, R7, R12)."""
        here: Path = ("organizations", index)
        if shape.periods is None:
            return self._agreed(here, shape, shape, tiers)
        periods = [
            self._agreed((*here, "periods", number), shape, period, tiers)
            for number, period in enumerate(shape.periods)
        ]
        periods.sort(key=lambda period: period.valid_from or date.min)
        return replace(periods[-1], periods=tuple(periods))

    def _agreed(
        self,
        here: Path,
        shape: OrganizationShape,
        agreed: OrganizationShape | PeriodShape,
        tiers: Mapping[str, Terms],
    ) -> Organization:
        """Return an organization as one period says, or as it says itself where it has no periods."""
        base = tiers[agreed.tier or ""]
        sources = {
            **base.sources,
            "tier": self.organizations_file.source((*here, "tier")),
        }
        own = replace(base, sources=sources)
        return Organization(
            id=shape.id,
            name=shape.name,
            terms=self._overridden(own, agreed.overrides, here, tiers),
            valid_from=agreed.valid_from,
            valid_until=agreed.valid_until,
            suspended=shape.suspended or agreed.suspended,
            source=self.organizations_file.source(here),
        )

    def _overridden(
        self,
        base: Terms,
        overrides: Overrides | None,
        here: Path,
        tiers: Mapping[str, Terms],
    ) -> Terms:
        if overrides is None:
            return base
        own = _some_targets(overrides.targets)
        fallback_tier = (
            overrides.phone and overrides.phone.fallback_tier
        ) or base.fallback_tier
        paths = [*(f"targets.{severity}" for severity in own), *_given(overrides)]
        return replace(
            base,
            targets={**base.targets, **own},
            fallback_tier=fallback_tier,
            fallback=tiers[fallback_tier].targets,
            calendar=self.calendars[overrides.calendar]
            if overrides.calendar
            else base.calendar,
            round_the_clock_products=_own_products(overrides, base),
            clock_starts=(overrides.phone and overrides.phone.clock_starts)
            or base.clock_starts,
            severity_change=_own_severity_rule(overrides, base),
            acknowledgement=_own_acknowledgement(overrides, base),
            reopen=overrides.reopen or base.reopen,
            overridden=tuple(paths),
            pauses_in=_folded(overrides.pauses_in or ()),
            sources={
                **base.sources,
                **self._override_sources(here, paths, fallback_tier),
            },
        )

    def _tier_sources(self, name: str) -> dict[str, str]:
        document = self.policy_file
        sources = {path: document.source((path,)) for path in _WHOLE}
        sources |= {
            f"targets.{n}": document.source(("tiers", name, "targets", s))
            for s, n in SEVERITIES.items()
        }
        return (
            sources
            | self._fallback_sources(self.policy.phone.fallback_tier)
            | {"tier": document.source(("tiers", name))}
        )

    def _fallback_sources(self, tier: str) -> dict[str, str]:
        paths = {
            number: ("tiers", tier, "targets", name)
            for name, number in SEVERITIES.items()
        }
        return {
            f"fallback.{number}": self.policy_file.source(path)
            for number, path in paths.items()
        }

    def _override_sources(
        self, here: Path, paths: Iterable[str], fallback_tier: str
    ) -> dict[str, str]:
        names = {
            f"targets.{number}": ("targets", name)
            for name, number in SEVERITIES.items()
        }
        own = {
            path: self.organizations_file.source(
                (*here, "overrides", *names.get(path, (path,)))
            )
            for path in paths
        }
        return self._fallback_sources(fallback_tier) | own


def _folded(names: Iterable[str]) -> frozenset[str]:
    """Return names as they are compared: without regard to case."""
    return frozenset(name.casefold() for name in names)


def _targets(shape: Targets) -> dict[int, Target]:
    return {
        number: getattr(shape, name).target() for name, number in SEVERITIES.items()
    }


def _some_targets(shape: SomeTargets | None) -> dict[int, Target]:
    given = {number: getattr(shape, name, None) for name, number in SEVERITIES.items()}
    return {number: target.target() for number, target in given.items() if target}


def _given(overrides: Overrides) -> list[str]:
    return [
        name for name in (*_WHOLE, "pauses_in") if getattr(overrides, name) is not None
    ]


def _severity_rule(shape: SeverityChange) -> SeverityRule:
    return SeverityRule(raised=shape.raised, lowered=shape.lowered)


def _acknowledgement_rule(shape: Acknowledgement) -> AcknowledgementRule:
    return AcknowledgementRule(shape.public_comment, shape.status, shape.severity)


def _own_products(overrides: Overrides, base: Terms) -> frozenset[str]:
    own = overrides.round_the_clock_products
    return base.round_the_clock_products if own is None else _folded(own)


def _own_severity_rule(overrides: Overrides, base: Terms) -> SeverityRule:
    own = (
        overrides.severity_change.model_dump(exclude_none=True)
        if overrides.severity_change
        else {}
    )
    return replace(base.severity_change, **own)


def _own_acknowledgement(overrides: Overrides, base: Terms) -> AcknowledgementRule:
    own = (
        overrides.acknowledgement.model_dump(exclude_none=True)
        if overrides.acknowledgement
        else {}
    )
    return replace(base.acknowledgement, **own)
