"""What settings and configuration mean for the parts of a bot: the connection to the site, the rules of a pass."""

from contextlib import suppress
from datetime import tzinfo
from io import BytesIO
from zipfile import Path as ArchivePath
from zipfile import ZipFile

from jsm_sla_bot.config.folder import contents
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.jsm.http.options import Auth, Basic, Bearer, Conduct
from jsm_sla_bot.jsm.site import Connection, connect
from jsm_sla_bot.passes.planner import Rules
from jsm_sla_bot.ports.journal import AdmittedPolicy, Intents, Marks
from jsm_sla_bot.settings.environment import Settings
from jsm_sla_bot.settings.given import SettingsProblem


def connection(
    settings: Settings, configuration: Configuration, journal: Intents, conduct: Conduct
) -> Connection:
    """Prepare the connection to the site; nothing is sent yet."""
    return connect(settings.url, _auth(settings), configuration.desk, journal, conduct)


def _auth(settings: Settings) -> Auth:
    if settings.bearer_token:
        return Bearer(settings.bearer_token.get_secret_value())
    if settings.email and settings.api_token:
        return Basic(settings.email, settings.api_token.get_secret_value())
    message = "neither a bearer token nor an e-mail address with an API token is set"
    raise SettingsProblem(message)


def last_admitted(marks: Marks) -> Configuration | None:
    """Return the configuration that was let through last, if the journal still has it as it was."""
    admitted = marks.recall(AdmittedPolicy)
    if admitted is None or not admitted.files:
        return None
    with (
        ZipFile(BytesIO(), "w") as archive,
        suppress(ConfigurationProblems),
    ):  # there may be no disk to write to
        archive.filename = "journal"
        for path, text in admitted.files.items():
            archive.writestr(path, text)
        found = load(ArchivePath(archive))
        return found if found.policy.hash == admitted.policy else None
    return None


def files_seen(settings: Settings) -> object:
    """Return what tells an edit: names and contents of the configuration's files.

    Times and sizes tell nothing: a link that is swapped to another release may keep both.
    """
    return contents(settings.config_dir)


def rules_of(configuration: Configuration) -> Rules:
    """Return what a pass goes by under this configuration."""
    return Rules(
        policy=configuration.policy,
        budget=configuration.budget,
        zone=zone_of(configuration),
        escalation_status=configuration.desk.escalation_status,
        lookback=configuration.desk.lookback,
        files=configuration.texts,
    )


def zone_of(configuration: Configuration) -> tzinfo:
    """Return the zone in which people read instants."""
    return configuration.zone
