"""Parts that both the daemon and the set-up of a site are put together from."""

from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.daemon.configuration import (
    Loaded,
)
from jsm_sla_bot.doctor.examination import Operation
from jsm_sla_bot.doctor.look import Look
from jsm_sla_bot.doctor.rights import ASKED
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.site import (
    Connection,
    connect,
    surveyor,
)
from jsm_sla_bot.ports.journal import Intents
from jsm_sla_bot.ports.site import Clock
from jsm_sla_bot.settings.environment import Settings


def look_at(
    connection: Connection,
    settings: Settings,
    configuration: Configuration,
    operation: Operation,
    clock: Clock,
) -> Look:
    """Return what looks at a site under a configuration."""
    desk = configuration.desk
    signs = settings.sign_in()
    reads = surveyor(connection, desk, clock, signs, ASKED)
    return Look(
        reads,
        configuration.policy,
        desk,
        operation,
        clock,
        _raises_in(configuration),
    )


def _raises_in(configuration: Configuration) -> str:
    """Return the project in which requests for reviews are raised; empty where no rule raises any (D29)."""
    names = configuration.desk.reviews
    is_on = any(
        each.raises_requests for each in configuration.reviews.values()
    )
    return names.project if names and is_on else ""


def connection_to(
    settings: Settings,
    loaded: Loaded,
    journal: Intents,
    options: HttpOptions | None,
) -> Connection:
    """Prepare the connection to the site; nothing is sent yet."""
    desk = loaded.configuration.desk
    options = options or HttpOptions(connections=settings.workers)
    return connect(settings.url, settings.sign_in(), desk, journal, options)
