"""The policy as a whole: the terms of tiers and organizations, what is not measured, and the ladder (R1-R10)."""

from jsm_sla_bot.config.document import Document
from jsm_sla_bot.config.exclusions import exclusions
from jsm_sla_bot.config.schema import OrganizationsShape, PolicyShape
from jsm_sla_bot.config.schema.severity import SEVERITIES
from jsm_sla_bot.config.terms import Drafting
from jsm_sla_bot.sla.contract import Policy, Rung


def policy_of(drafting: Drafting, organizations: OrganizationsShape) -> Policy:
    """Return the policy without its hash."""
    shape = drafting.policy
    document = drafting.policy_file
    tiers = {tier: drafting.tier(tier) for tier in shape.tiers}
    entries = enumerate(organizations.organizations)
    mapped = [
        drafting.organization(index, entry, tiers) for index, entry in entries
    ]
    return Policy(
        hash="",
        default_severity=SEVERITIES[shape.defaults.severity],
        default_terms=drafting.default(),
        tiers=tiers,
        organizations={
            organization.id: organization for organization in mapped
        },
        several_organizations=shape.several_organizations,
        exclusions=exclusions(shape, document),
        rungs=_rungs(shape, document),
        calendars=drafting.calendars,
        sources={
            "default_tier": document.source(("defaults", "tier")),
            "default_severity": document.source(("defaults", "severity")),
            "several_organizations": document.source(
                ("several_organizations",)
            ),
        },
        product_names=(*shape.round_the_clock_products, *shape.products),
    )


def _rungs(shape: PolicyShape, document: Document) -> tuple[Rung, ...]:
    return tuple(
        Rung(
            rung.name,
            rung.share,
            rung.escalate,
            document.source(("escalation", "rungs", index)),
            rung.contact or "",
        )
        for index, rung in enumerate(shape.escalation.rungs)
    )
