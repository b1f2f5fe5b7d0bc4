"""`notify.yaml`: who outside Jira is told of what; optional, and every slip in it has its place."""

from datetime import time, timedelta
from itertools import product
from pathlib import Path

import pytest
from tests.config.samples import ConfigFolder

from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.ports.notify_plan import (
    NOBODY,
    ChannelPlan,
    NotifyPlan,
    Occasion,
    Route,
    Rung,
    Service,
    When,
)
from jsm_sla_bot.ports.quiet_hours import QuietHours

SHIPPED_FILE = Path(__file__).parents[2] / "config" / "notify.yaml"
CHANNELS = """channels:
  on-call:
    pagerduty: {routing_key_file: /run/secrets/pagerduty}
  chat:
    slack: {channel: C1, token_file: /run/secrets/slack}
"""
NIGHT = Occasion(Rung.BREACHED, "Expert", 1, "11", "SUP", When.OUTSIDE)
DAY = Occasion(Rung.AT_RISK, "Knowledge", 3, "12", "HELP", When.INSIDE)


def test_as_shipped_nobody_is_told(
    folder: ConfigFolder, shipped: Configuration
) -> None:
    """The shipped file holds comments; without their signs it is a good file for the shipped organizations."""
    assert shipped.notify == NOBODY
    assert folder.load().notify == NOBODY
    lines = SHIPPED_FILE.read_text("utf-8").splitlines()
    first = lines.index("# channels:")
    plain = [line.removeprefix("#").removeprefix(" ") for line in lines]
    text = "\n".join(plain[first:])
    renamed = text.replace("[11]", "[1]").replace("[Expert]", "[Standard]")
    folder.write("notify.yaml", renamed)
    told = folder.load().notify
    assert set(told.channels) == {"on-call", "chat", "lead"}
    assert len(told.routes) == 4


def test_it_is_another_configuration_but_no_other_policy(
    folder: ConfigFolder,
) -> None:
    """Who is told changes nothing on the desk, so it needs nobody's permission; the daemon takes it at a poll."""
    before = folder.load()
    folder.write("notify.yaml", f"{CHANNELS}routes:\n  - {{to: [chat]}}\n")
    after = folder.load()
    assert after.policy.hash == before.policy.hash
    assert after.hash != before.hash
    assert after.notify.channels["chat"] == ChannelPlan(
        Service.SLACK,
        {
            "channel": "C1",
            "token_file": "/run/secrets/slack",
            "address": None,
        },
    )


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("to: [oncall]", "did you mean 'on-call'?"),
        ("to: [chat], rungs: [at_rsk]", "did you mean 'at_risk'?"),
        ("to: [chat], tiers: [Glod]", "found 'Glod', expected a tier"),
        ("to: [chat], severities: [S9]", "'S1', 'S2', 'S3' or 'S4'"),
        ("to: [chat], organizations: [4711]", "an id of organizations.yaml"),
        ("to: [chat], hours: night", "'inside' or 'outside'"),
        ("to: []", "at least one entry"),
        ("too: [chat]", "did you mean 'to'?"),
        ("to: [chat], repeat: 4 minutes", "five minutes or more"),
        ("to: [chat], repeat: half an hour", "expected"),
        ("to: [chat], quiet: 22-7", "two times of a day"),
        ("to: [chat], quiet: 07:00-07:00", "two times of a day"),
        ("to: [chat], quiet: 22:00-24:00", "two times of a day"),
    ],
)
def test_a_slip_in_a_route_has_its_place(
    folder: ConfigFolder, route: str, said: str
) -> None:
    """With file, line and column, like everything in the folder."""
    folder.write("notify.yaml", f"{CHANNELS}routes:\n  - {{{route}}}\n")
    problems = folder.problems()
    assert any(
        "notify.yaml:7:" in problem and said in problem for problem in problems
    ), problems


def test_a_slip_in_the_digest_has_its_place(folder: ConfigFolder) -> None:
    """It names a channel of the file; a channel that only the digest uses is used."""
    folder.write("notify.yaml", f"{CHANNELS}digest: {{to: [caht]}}\n")
    assert any(
        "notify.yaml:6:" in problem and "did you mean 'chat'?" in problem
        for problem in folder.problems()
    )
    routes = "routes:\n  - {to: [on-call]}\ndigest: {to: [chat]}\n"
    folder.write("notify.yaml", CHANNELS + routes)
    loaded = folder.load()
    assert loaded.notify.digest == ("chat",)
    assert not [each for each in loaded.warnings if "no route leads" in each]


def test_a_route_may_repeat_and_be_quiet(folder: ConfigFolder) -> None:
    """As long as nobody answers, and not at night."""
    route = "{to: [chat], repeat: 30 minutes, quiet: 22:00-07:00}"
    folder.write("notify.yaml", f"{CHANNELS}routes:\n  - {route}\n")
    (found,) = folder.load().notify.routes
    assert found.repeat == timedelta(minutes=30)
    assert found.quiet == QuietHours(time(22), time(7))


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("slack: {channel: C1, token_file: slack}", "the whole path"),
        ("webhook: {url: ftp://x, secret_file: /x}", "begins with https://"),
        ("{}", "one service of slack, teams"),
        (
            "{teams: {url_file: /a}, webhook: {url: 'https://x', secret_file: /b}}",
            "one service of slack, teams",
        ),
        ("pager: {routing_key_file: /x}", "unknown key 'pager'"),
        ("mail: {host: mail, sender: a@b, to: []}", "at least one entry"),
    ],
)
def test_a_slip_in_a_channel_has_its_place(
    folder: ConfigFolder, channel: str, said: str
) -> None:
    """A channel with two services, with none, or with a secret that is no file."""
    folder.write("notify.yaml", f"channels:\n  chat:\n    {channel}\n")
    problems = folder.problems()
    assert any(
        "notify.yaml:" in problem and said in problem for problem in problems
    ), problems


def test_a_channel_that_no_route_leads_to_is_warned_of(
    folder: ConfigFolder,
) -> None:
    """It is a loose end, not a mistake."""
    folder.write("notify.yaml", f"{CHANNELS}routes:\n  - {{to: [chat]}}\n")
    (warning,) = folder.load().warnings
    assert "notify.yaml:2: no route leads to the channel 'on-call'" in warning


@pytest.mark.parametrize(
    ("route", "night", "day"),
    [
        (Route(("a",)), True, True),
        (Route(("a",), rungs=frozenset({Rung.BREACHED})), True, False),
        (Route(("a",), tiers=frozenset({"Knowledge"})), False, True),
        (Route(("a",), severities=frozenset({1, 2})), True, False),
        (Route(("a",), organizations=frozenset({"12"})), False, True),
        (Route(("a",), projects=frozenset({"SUP"})), True, False),
        (Route(("a",), when=When.OUTSIDE), True, False),
        (
            Route(
                ("a",),
                severities=frozenset({1}),
                tiers=frozenset({"Knowledge"}),
            ),
            False,
            False,
        ),
    ],
)
def test_a_route_takes_what_it_is_meant_for(
    route: Route, *, night: bool, day: bool
) -> None:
    """Whatever it names has to fit; what it leaves out means any."""
    assert (route.takes(NIGHT), route.takes(DAY)) == (night, day)


@pytest.mark.parametrize(
    ("first", "second"), list(product([True, False], repeat=2))
)
def test_the_first_that_matches_is_the_last_unless_it_goes_on(
    *, first: bool, second: bool
) -> None:
    """Each channel is told once, however many routes lead to it."""
    plan = NotifyPlan(
        routes=(
            Route(("a", "b"), goes_on=first),
            Route(("b", "c"), goes_on=second),
            Route(("d",)),
        )
    )
    told = plan.routes_for(NIGHT)
    expected = ["a", "b"]
    if first:
        expected += ["c"]
    if first and second:
        expected += ["d"]
    assert list(told) == expected
