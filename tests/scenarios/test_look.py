"""The daemon looks at its site before it sweeps under a configuration, and reports what it finds."""

from collections.abc import Sequence

import pytest

from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.doctor.checks import by_name
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.doctor.verdict import Detail, judged
from jsm_sla_bot.ports.errors import TransientError
from jsm_sla_bot.ports.journal import DaemonFacts
from tests.scenarios.world import World

PROBLEM = Detail("project SUP: our account lacks EDIT_ISSUES", "grant it")
WARNING = Detail("this machine's clock is behind", "let NTP keep it")


def found(problems: Sequence[Detail], warnings: Sequence[Detail]) -> Found:
    """Return what two checks say."""
    permissions, clock = by_name(["permissions", "clock"])
    return [
        (permissions, judged("all well", problems)),
        (clock, judged("all well", warnings=warnings)),
    ]


def test_findings_stand_in_health_log_and_status(
    desk: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """A problem is a subject of the health, a warning stands with what the site lacks; both are logged."""
    with desk.bot() as made:
        made.examine = lambda _: found([PROBLEM], [WARNING])
        made.look_at_site()
        made.reported(made.reconciler.sweep())
        assert made.health.problems()["site"] == PROBLEM.what
        facts = made.journal.recall(DaemonFacts)
        assert facts is not None
        assert facts.warnings is not None
        assert WARNING.what in facts.warnings
    log = capfd.readouterr().err
    assert log.count("site_finding") == 2
    assert "grant it" in log


def test_a_configuration_is_looked_at_once(desk: World) -> None:
    """Each sweep asks again only where another configuration has come, or the site did not answer."""
    asked: list[str] = []

    def examine(configuration: Configuration) -> Found:
        asked.append(configuration.hash)
        if len(asked) == 1:
            message = "nobody answers"
            raise TransientError(message)
        return found([PROBLEM] if len(asked) == 2 else [], [])

    with desk.bot() as made:
        made.examine = examine
        made.look_at_site()
        assert "site" not in made.health.problems()
        made.look_at_site()
        made.look_at_site()
        assert len(asked) == 2
        assert "site" in made.health.problems()
        policy = desk.config / "policy.yaml"
        policy.write_text(policy.read_text().replace("75 %", "80 %"))
        made.sweep_owed()
        made.look_at_site()
        assert len(asked) == 3
        assert "site" not in made.health.problems()


def test_on_the_sandbox_the_cheap_checks_find_nothing(desk: World) -> None:
    """A good site has no finding, for a few calls."""
    with desk.bot() as made:
        before = sum(calls for calls, _ in made.connection.calls().values())
        made.look_at_site()
        after = sum(calls for calls, _ in made.connection.calls().values())
        assert "site" not in made.health.problems()
        assert 0 < after - before <= 10
