"""Every test that speaks with the sandbox is a contract test too: see tests/contract/.

The tests run in several processes (pytest-xdist): each worker keeps a ledger of its own and hands it in at its end,
and the process that started them adds them up, reports the sum, and fails the run for any violation.
"""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

from jsm_sandbox.http.exchanges import observers
from tests.contract.descriptions import FOLDER, Descriptions
from tests.contract.ledger import Ledger

LEDGER = pytest.StashKey[Ledger]()

# A busy machine is no counterexample, and `make test` draws the same examples every time; `make explore` draws others.
settings.register_profile(
    "suite", derandomize=True, deadline=None, database=None, print_blob=True
)
settings.register_profile(
    "explore",
    deadline=None,
    max_examples=1000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Name the one way out of the contract."""
    config.addinivalue_line(
        "markers",
        "off_contract: plants data in the sandbox that no real site could hold",
    )
    if FOLDER.is_dir():
        starts_workers = bool(getattr(config.option, "numprocesses", None))
        config.stash[LEDGER] = Ledger(
            None if starts_workers else Descriptions()
        )


LONG = ("chaos", "fuzz", "daemon", "scenarios", "cli", "contract", "passes")
"""The folders with tests of many seconds: with several workers none is still at one when the others are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long tests begin first, and leave the others in their order."""
    folders = {name: turn for turn, name in enumerate(LONG)}
    items.sort(key=lambda item: folders.get(item.path.parent.name, len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start one worker more than there are cores: some tests wait for a process, a timeout or the disk."""
    is_told = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if is_told else os.cpu_count()
    return (cores or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Excuse the tests that take the way out, and collect no garbage among what all tests share."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    ledger = session.config.stash.get(LEDGER, None)
    if ledger:
        ledger.excused |= {
            each.nodeid
            for each in session.items
            if each.get_closest_marker("off_contract")
        }


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Take back a logging configuration that a test has made: the next one makes its own."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def contract(request: pytest.FixtureRequest) -> Iterator[Ledger | None]:
    """Hold every pair of request and answer against Atlassian's descriptions, where they are at hand."""
    ledger = request.config.stash.get(LEDGER, None)
    if ledger is None:
        yield None
        return
    observers.append(ledger.observe)
    yield ledger
    observers.remove(ledger.observe)


HANDED_IN = "contract"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the ledger in, as a worker; otherwise fail the run if anybody broke the contract."""
    ledger = session.config.stash.get(LEDGER, None)
    if ledger is None:
        return
    handed_in = getattr(session.config, "workeroutput", None)
    if handed_in is not None:
        handed_in[HANDED_IN] = ledger.to_json()
    elif ledger.daemon or ledger.sandbox:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the ledger of a worker that has come to its end; one that crashed has failed the run by itself."""
    ledger = node.config.stash.get(LEDGER, None)
    handed_in = getattr(node, "workeroutput", {}).get(HANDED_IN)
    if ledger and handed_in:
        ledger.add(handed_in)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many pairs were checked, and list what was wrong with them."""
    ledger = config.stash.get(LEDGER, None)
    if ledger is None:
        terminalreporter.write_line(
            "contract: not checked, there is no ../shared/openapi beside this checkout"
        )
        return
    counts = f"{len(ledger.daemon)} violations by the daemon, {len(ledger.sandbox)} by the sandbox"
    each = ledger.seconds / ledger.pairs * 1000 if ledger.pairs else 0
    terminalreporter.write_line(
        f"contract: {ledger.pairs} pairs against ../shared/openapi ({each:.2f} ms): {counts}"
    )
    for side, found in (
        ("daemon", ledger.daemon),
        ("sandbox", ledger.sandbox),
    ):
        for text, where in sorted(found.items()):
            terminalreporter.write_line(
                f"  by the {side}: {text}  [{where}]", red=True
            )
