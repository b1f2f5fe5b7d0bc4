"""The walls between the rooms hold: each forbidden import, planted alone, is refused."""

import ast
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph, build_graph
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import Contract

KINDS: dict[str, type[Contract]] = {
    "acyclic_siblings": AcyclicSiblingsContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}
pytestmark = pytest.mark.slow
BOT = "jsm_sla_bot"

ADAPTERS = (
    "jsm.write.apply",
    "journal.sql",
    "journal.tables",
    "config.load",
    "settings",
    "telemetry.logs",
)
"""What a pass must not know."""

PLANTS = [
    # A pass knows ports, not adapters; the adapters know neither the pass nor each other.
    *(("passes.reconciler", adapter) for adapter in ADAPTERS),
    *(("passes.writer", adapter) for adapter in ADAPTERS),
    ("jsm.write.apply", "journal.sql"),
    ("jsm.write.apply", "passes.planner"),
    ("jsm.read.fetch", "passes.selection"),
    ("jsm.site", "config.load"),
    ("jsm.site", "settings"),
    ("jsm.site", "telemetry.health"),
    ("journal.sql", "passes.planner"),
    ("journal.sql", "passes.writer"),
    ("journal.opening", "jsm.site"),
    ("journal.opening", "config.load"),
    ("config.load", "passes.policy_in_force"),
    ("config.load", "journal.tables"),
    ("config.load", "jsm.site"),
    ("config.load", "settings"),
    ("telemetry.logs", "journal.sql"),
    ("telemetry.health", "passes.reconciler"),
    ("telemetry.server", "jsm.site"),
    ("settings", "config.load"),
    # Checks and steps are worked out from values: they meet the site and the configuration as those.
    ("doctor.checks", "jsm.survey.surveyor"),
    ("doctor.checks", "config.load"),
    ("doctor.checks", "provision.planning"),
    ("doctor.look", "journal.opening"),
    ("provision.planning", "jsm.provision.hands"),
    ("provision.planning", "config.patch"),
    ("provision.planning", "doctor.checks"),
    ("jsm.survey.surveyor", "doctor.checks"),
    ("jsm.survey.surveyor", "jsm.provision.hands"),
    ("jsm.survey.surveyor", "jsm.read.fetch"),
    ("jsm.provision.hands", "provision.planning"),
    ("passes.reconciler", "doctor.checks"),
    ("config.load", "doctor.checks"),
    # A channel knows its service: not the site, the journal or the configuration, and nobody else knows it.
    ("notify.slack", "journal.sql"),
    ("notify.slack", "jsm.http.client"),
    ("notify.teams", "config.load"),
    ("notify.mail", "settings"),
    ("passes.reconciler", "notify.slack"),
    ("daemon.bot", "notify.slack"),
    ("cli.main", "notify.slack"),
    ("jsm.site", "notify.http"),
    # A review is worked out from histories: it meets the site, the journal and the configuration as values.
    ("review.report", "jsm.site"),
    ("review.judge", "config.load"),
    ("review.raising", "journal.outbox"),
    ("review.row", "doctor.checks"),
    ("review.figures", "telemetry.figures"),
    ("jsm.write.review_requests", "review.raising"),
    ("passes.reconciler", "review.raising"),
    # The outbox lies between who has something to say and who sends it: they meet in `ports` alone.
    ("journal.outbox", "notify.sender"),
    ("notify.sender", "journal.outbox"),
    ("passes.writer", "journal.outbox"),
    # Nothing knows who uses it.
    ("passes.reconciler", "daemon.scheduler"),
    ("jsm.site", "daemon.scheduler"),
    ("journal.sql", "daemon.scheduler"),
    ("daemon.scheduler", "app"),
    ("daemon.scheduler", "cli.main"),
    ("app", "cli.main"),
    ("ports.site", "passes.planner"),
    ("ports.journal", "journal.sql"),
    ("plan.diff", "ports.site"),
    ("sla.assess", "plan.diff"),
    ("text.nearest", "sla.errors"),
    # The daemon knows no adapter, a verb knows app: both meet the adapters as protocols and values.
    ("daemon.bot", "jsm.site"),
    ("daemon.bot", "journal.sql"),
    ("daemon.configuration", "jsm.metadata"),
    ("daemon.configuration", "settings.environment"),
    ("daemon.reporting", "jsm.http.limiter"),
    ("daemon.scheduler", "journal.opening"),
    ("daemon.standing", "journal.sql"),
    ("cli.passes", "jsm.site"),
    ("cli.connected", "jsm.http.retry"),
    ("cli.status", "journal.sql"),
    ("cli.passes", "journal.opening"),
    ("cli.passes", "passes.reconciler"),
    ("cli.passes", "passes.writer"),
    ("cli.demo", "daemon.scheduler"),
    ("cli.demo", "daemon.bot"),
    # Inside jsm: one way to Jira, reading and writing apart, decoding without HTTP.
    ("jsm.http.retry", "jsm.decode.phone_calls"),
    ("jsm.decode.request", "jsm.http.rest"),
    ("jsm.read.fetch", "jsm.write.notes"),
    ("jsm.write.notes", "jsm.read.fetch"),
    ("jsm.metadata", "jsm.read.poll"),
    ("jsm.errors", "jsm.http.response"),
    # Inside passes: the planner is below whoever uses it.
    ("passes.planner", "passes.writer"),
    ("passes.selection", "passes.reconciler"),
    ("passes.breaker", "passes.writer"),
]
"""Importer and imported, both in the bot's package."""

ROOT = Path(__file__).parents[2] / "src" / BOT

VERBS_MAY_KNOW = {
    "daemon.clock",
    "daemon.ending",
    "daemon.standing",
    "daemon.standing_json",
    "passes.permission",
    "passes.planner",
    "telemetry.logs",
}
"""Values and small questions of the rooms below `app`; everything else there is for `app` to put together."""


def below_app() -> list[str]:
    """Return the modules that no verb may import: all of the rooms below `app` but those named above."""
    rooms = ("daemon", "passes", "jsm", "journal", "notify", "telemetry")
    paths = [
        path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))
    ]
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in paths
    ]
    return [
        name
        for name in names
        if name not in VERBS_MAY_KNOW
        and not name.endswith("__init__")
        and not name.startswith("journal.migrations.")  # Alembic loads these
    ]


PURE = (
    "sla.assess",
    "plan.diff",
    "ports.site",
    "text.nearest",
    "jsm.decode.request",
    "passes.planner",
    "doctor.checks",
    "provision.planning",
    "review.figures",
)
WORLD = (
    "os",
    "socket",
    "sqlite3",
    "time",
    "urllib",
    "pathlib",
    "logging",
    "threading",
    "random",
    "zoneinfo",
)
LIBRARIES = (
    "structlog",
    "pydantic",
    "sqlalchemy",
    "httpx",
    "requests",
    "atlassian",
    "yaml",
)
OWNERS = [
    ("passes.reconciler", "httpx"),
    ("passes.reconciler", "sqlalchemy"),
    ("passes.reconciler", "apscheduler"),
    ("jsm.read.poll", "httpx"),
    ("jsm.read.poll", "requests"),
    ("jsm.write.apply", "atlassian"),
    ("daemon.bot", "apscheduler"),
    ("jsm.site", "sqlalchemy"),
    ("cli.status", "sqlalchemy"),
    ("daemon.scheduler", "yaml"),
    ("cli.status", "yaml"),
]
"""A library and a module outside the one room that may use it."""

EACH_CONTRACT = {
    "Data flows down; rooms of one floor are strangers; only app knows them all": (
        "jsm_sla_bot.passes.reconciler",
        "jsm_sla_bot.journal.sql",
    ),
    "passes: the three kinds stand on selection and writing, those on planning": (
        "jsm_sla_bot.passes.breaker",
        "jsm_sla_bot.passes.writer",
    ),
    "jsm: reading and writing do not know each other; HTTP and decoding neither": (
        "jsm_sla_bot.jsm.read.fetch",
        "jsm_sla_bot.jsm.write.notes",
    ),
    "The contract, the plan, the ports and decoding are pure": (
        "jsm_sla_bot.sla.assess",
        "time",
    ),
    "The daemon knows passes, configuration and telemetry, no adapter": (
        "jsm_sla_bot.daemon.bot",
        "jsm_sla_bot.journal.sql",
    ),
    "The verbs know app and values; status, allow and silence open the journal alone, so that they start at once": (
        "jsm_sla_bot.cli.check",
        "jsm_sla_bot.passes.writer",
    ),
    "Bot and sandbox share no code, else they would share their mistakes": (
        "jsm_sandbox.http.listener",
        "jsm_sla_bot.sla.assess",
    ),
    "sandbox: the wire stands on the people, they on troubles, queries and the state": (
        "jsm_sandbox.jql.parse",
        "jsm_sandbox.faults.orders",
    ),
    "One door to Jira": ("jsm_sla_bot.jsm.read.poll", "requests"),
    "One client sends everything to Jira, one everything to the channels": (
        "jsm_sla_bot.jsm.read.poll",
        "httpx",
    ),
    "Only the daemon knows APScheduler": (
        "jsm_sla_bot.daemon.bot",
        "apscheduler",
    ),
    "Only the journal knows SQLAlchemy": (
        "jsm_sla_bot.app.parts",
        "sqlalchemy",
    ),
    "Only the journal knows Alembic": ("jsm_sla_bot.app.parts", "alembic"),
    "Only the journal's PostgreSQL knows psycopg": (
        "jsm_sla_bot.journal.sql",
        "psycopg",
    ),
    "Only the configuration knows YAML": ("jsm_sla_bot.cli.status", "yaml"),
    "Settings are read at the edge": (
        "jsm_sla_bot.daemon.bot",
        "jsm_sla_bot.settings.environment",
    ),
    "No cycles": (
        "jsm_sla_bot.config.schema.jira",
        "jsm_sla_bot.config.load",
    ),
}
"""For each contract of `pyproject.toml` an import that it is there to refuse: importer and imported."""


@dataclass(frozen=True, slots=True)
class House:
    """The bot's imports as they are, and the contracts that they have to keep."""

    graph: ImportGraph
    contracts: list[Contract]

    def with_import(self, importer: str, imported: str) -> ImportGraph:
        """Return the imports as they would be with this one more."""
        graph = deepcopy(self.graph)
        if imported not in graph.modules:
            graph.add_module(
                imported, is_squashed=not imported.startswith(BOT)
            )
        graph.add_import(importer=importer, imported=imported)
        return graph

    def broken_by(self, importer: str, imported: str) -> str | None:
        """Return a contract that this one import more would break.

        The contract that the plant before has broken is asked first: the next plant is most often one of its kind.
        """
        graph = self.with_import(importer, imported)
        found = next(broken(graph, self.contracts), None)
        if found is None:
            return None
        self.contracts.remove(found)
        self.contracts.insert(0, found)
        return str(found.name)


def broken(
    graph: ImportGraph, contracts: Sequence[Contract]
) -> Iterator[Contract]:
    """Find the contracts that this graph breaks, one by one: each check takes milliseconds."""
    for contract in contracts:
        if not contract.check(deepcopy(graph), verbose=False).kept:
            yield contract


@pytest.fixture(scope="module")
def house(root: Path) -> House:
    """The graph of all imports, built once."""
    options: dict[str, Any] = read_configuration(str(root / "pyproject.toml"))
    session = options["session_options"]
    graph = build_graph(
        *session["root_packages"],
        include_external_packages=True,
        cache_dir=None,
    )
    contracts = [
        KINDS[chosen["type"]](
            name=chosen["name"],
            session_options=session,
            contract_options=chosen,
        )
        for chosen in options["contracts_options"]
    ]
    return House(graph, contracts)


def test_the_house_as_it_stands_keeps_its_contracts(house: House) -> None:
    """What the plants below break was whole before."""
    found = broken(house.graph, house.contracts)
    assert [contract.name for contract in found] == []


def test_each_contract_has_an_import_that_shows_it_works(
    house: House,
) -> None:
    """A contract that is added comes with the import that it refuses; one that is dropped takes it along."""
    names = {contract.name for contract in house.contracts}
    assert names == EACH_CONTRACT.keys()


@pytest.mark.parametrize("name", EACH_CONTRACT)
def test_each_contract_refuses_what_it_is_there_for(
    house: House, name: str
) -> None:
    """It is this very contract that breaks, whatever the others say."""
    importer, imported = EACH_CONTRACT[name]
    assert importer in house.graph.modules
    graph = house.with_import(importer, imported)
    found = broken(graph, house.contracts)
    assert name in [contract.name for contract in found]


@pytest.mark.parametrize(
    ("importer", "imported"),
    PLANTS,
    ids=[" -> ".join(plant) for plant in PLANTS],
)
def test_a_room_is_refused_what_it_must_not_know(
    house: House, importer: str, imported: str
) -> None:
    """One import through a wall breaks a contract."""
    assert f"{BOT}.{importer}" in house.graph.modules
    assert f"{BOT}.{imported}" in house.graph.modules
    assert house.broken_by(f"{BOT}.{importer}", f"{BOT}.{imported}")


@pytest.mark.parametrize("module", below_app())
def test_a_verb_is_refused_whatever_app_puts_together(
    house: House, module: str
) -> None:
    """A verb that imports a part of the machine breaks the contract of the verbs, whichever part it is."""
    assert f"{BOT}.{module}" in house.graph.modules
    assert house.broken_by(f"{BOT}.cli.check", f"{BOT}.{module}")


@pytest.mark.parametrize("library", WORLD + LIBRARIES)
@pytest.mark.parametrize("module", PURE)
def test_a_pure_room_is_refused_the_world(
    house: House, module: str, library: str
) -> None:
    """No clock, file, socket, environment, log or library of that kind in a pure room."""
    assert house.broken_by(f"{BOT}.{module}", library)


@pytest.mark.parametrize(
    ("module", "library"), OWNERS, ids=[" -> ".join(owner) for owner in OWNERS]
)
def test_a_library_stays_in_its_room(
    house: House, module: str, library: str
) -> None:
    """A library is known to the room that wraps it, and to no other."""
    assert f"{BOT}.{module}" in house.graph.modules
    assert house.broken_by(f"{BOT}.{module}", library)


def test_the_sandbox_and_the_bot_are_strangers(house: House) -> None:
    """They share no code, in neither direction."""
    assert house.broken_by("jsm_sandbox.http.listener", f"{BOT}.sla.assess")
    assert house.broken_by(f"{BOT}.cli.demo", "jsm_sandbox.http.listener")


@pytest.mark.parametrize("package", [BOT, "jsm_sandbox"])
def test_every_module_stands_in_a_room(root: Path, package: str) -> None:
    """The top level holds the composition root, the settings and rooms; each room says what it is."""
    folder = root / "src" / package
    allowed = {"__init__.py", "__main__.py"}
    assert {path.name for path in folder.glob("*.py")} <= allowed
    rooms = [
        path
        for path in folder.iterdir()
        if path.is_dir() and any(path.glob("*.py"))
    ]
    for room in rooms:
        source = (room / "__init__.py").read_text("utf-8")
        assert ast.get_docstring(ast.parse(source)), room


def test_no_two_modules_of_bot_and_sandbox_share_a_name_for_different_things(
    root: Path,
) -> None:
    """Whoever reads both does not meet one name with two meanings."""
    same = {"__init__", "__main__", "adf", "instants", "comments", "changelog"}
    names = [
        {path.stem for path in (root / "src" / package).rglob("*.py")} - same
        for package in (BOT, "jsm_sandbox")
    ]
    assert names[0] & names[1] == set()
