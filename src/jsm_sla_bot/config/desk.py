"""What `jira.yaml` says of the site, as the value that the adapter works with."""

from jsm_sla_bot.config.schema import JiraShape
from jsm_sla_bot.config.terms import SEVERITIES
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.request import Phase


def desk(shape: JiraShape) -> Desk:
    """Return the site's names."""
    written = {field: getattr(shape.sla_fields, field.value) for field in SlaField}
    return Desk(
        projects=tuple(shape.projects),
        severity_field=shape.fields.severity,
        severities={
            text: number
            for name, number in SEVERITIES.items()
            for text in getattr(shape.severities, name)
        },
        product_field=shape.fields.product,
        called_field=shape.called.field,
        called_values=frozenset(shape.called.values),
        called_label=shape.called.label,
        organizations_field=shape.fields.organizations,
        request_type_field=shape.fields.request_type,
        participants_field=shape.fields.participants,
        sla_fields={field: name for field, name in written.items() if name},
        agent_role=shape.agents.role,
        agents=frozenset(shape.agents.accounts),
        former_agents=frozenset(shape.agents.former),
        automations=frozenset(shape.agents.automations),
        statuses={
            name: phase
            for phase in Phase
            for name in getattr(shape.statuses, phase.value)
        },
        escalation_status=shape.escalation.status,
        ignore_label=shape.ignore_label,
        lookback=shape.lookback,
    )
