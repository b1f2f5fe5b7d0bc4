"""What `jira.yaml` says about the site, as the value that the adapter works with."""

from jsm_sla_bot.config.reviews import review_names
from jsm_sla_bot.config.schema import JiraShape
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.request import Phase


def desk(shape: JiraShape) -> Desk:
    """Return the site's names."""
    return Desk(
        projects=tuple(shape.projects),
        severity_field=shape.fields.severity,
        severities=_severities(shape),
        product_field=shape.fields.product,
        called_field=shape.called.field,
        called_values=frozenset(shape.called.values),
        called_label=shape.called.label,
        organizations_field=shape.fields.organizations,
        request_type_field=shape.fields.request_type,
        participants_field=shape.fields.participants,
        sla_fields=_sla_fields(shape),
        agent_role=shape.agents.role,
        agents=frozenset(shape.agents.accounts),
        former_agents=frozenset(shape.agents.former),
        automations=frozenset(shape.agents.automations),
        statuses=_statuses(shape),
        waiting=frozenset(shape.statuses.waiting),
        eta_field=shape.fields.eta,
        close_to=shape.dormancy.close_to,
        reopen_to=shape.dormancy.reopen_to,
        escalation_status=shape.escalation.status,
        ignore_label=shape.ignore_label,
        why_label=shape.why_label or "",
        reviews=review_names(shape.reviews),
        lookback=shape.lookback,
    )


def pausing(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Return the statuses in which some organization's clock stands still, each after the setting that names it."""
    found: dict[tuple[str, str], None] = {}
    for organization in policy.organizations.values():
        for period in organization.periods or (organization,):
            setting = f"{period.terms.source('pauses_in')}: pauses_in"
            for word in sorted(period.terms.pauses_in):
                found[setting, word] = None
    return tuple(found)


def _severities(shape: JiraShape) -> dict[str, int]:
    """Return the severity that each option of the field stands for."""
    options = shape.severities.by_number()
    return {
        text: number for number, texts in options.items() for text in texts
    }


def _sla_fields(shape: JiraShape) -> dict[SlaField, str]:
    """Return the names of those fields that the bot is to write."""
    names = {
        field: getattr(shape.sla_fields, field.value) for field in SlaField
    }
    return {field: name for field, name in names.items() if name}


def _statuses(shape: JiraShape) -> dict[str, Phase]:
    """Return what each status means that has a meaning."""
    phases = {}
    for phase in Phase:
        names: list[str] = getattr(shape.statuses, phase.value)
        phases.update(dict.fromkeys(names, phase))
    return phases
