"""Setting up a site: one run does what an API can do, the next has nothing to do, and the daemon writes every field."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from jsm_sandbox.faults.orders import Fault
from jsm_sandbox.play.administration import (
    add_work_type,
    change_work_type,
    open_project,
    restrict_field,
    twin_field,
)
from jsm_sandbox.play.sites import SITES, TEAM, prepare
from jsm_sandbox.state.custom_fields import WORK_TYPE
from jsm_sandbox.state.placement import Screen, ScreenScheme, Tab
from jsm_sla_bot.app import site_setup
from jsm_sla_bot.cli.main import command_line
from jsm_sla_bot.doctor.checks import CHECKS
from jsm_sla_bot.jsm.http.retry import Patience
from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.ports.provision import Provisioning, Step
from jsm_sla_bot.provision.handout import checklist, described
from jsm_sla_bot.provision.provisioner import Provisioner
from jsm_sla_bot.settings.administrator import Administrator
from tests.scenarios.world import World, world

TOKEN = "sandbox"
ADMIN = Administrator("admin@example.com", SecretStr(TOKEN))
REFUSED = {"twin-names"}
"""Sites on which a person has to decide first."""
OURS = (
    "Support tier",
    "Response due",
    "Response SLA",
    "Response target",
    "SLA basis",
)
WRITES = ("POST", "PUT", "DELETE")


@contextmanager
def administrator(desk: World) -> Iterator[Provisioner]:
    """Sign in as the site's administrator."""
    options = desk.options(patience=Patience(retries=0))
    with site_setup.provisioning(desk.settings(), ADMIN, options) as site:
        yield site


def applied(desk: World) -> Provisioning:
    """Take every step, and return what is left then."""
    with administrator(desk) as site:
        list(site.applied())
        return site.plan()


def applied_steps(desk: World) -> list[Step]:
    """Take every step, and return them."""
    with administrator(desk) as site:
        return list(site.applied())


def written(desk: World) -> list[str]:
    """Return the calls of the administrator that wrote."""
    return [
        f"{call['method']} {call['path']}"
        for call in desk.calls()
        if call["method"] in WRITES and call["account"] == "Site Administrator"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(SITES) - REFUSED))
def test_one_run_sets_a_site_up_and_the_next_writes_nothing(
    desk: World, name: str
) -> None:
    """Afterwards the bot writes every field of each request on the company-managed desk."""
    prepare(desk.tracker, name)
    left = applied(desk)
    assert not left.steps
    assert not left.refusals
    assert written(desk)
    desk.forget_calls()
    assert not applied(desk).steps
    assert not written(desk)
    desk.wait(minutes=1)
    (desk.config / "jira.yaml").write_text(
        (desk.config / "jira.yaml")
        .read_text()
        .replace("projects: []", "projects: [SUP]")
    )
    assert desk.sweep().failed is None
    assert all(desk.shows("SUP-1", each) for each in OURS)


def test_a_name_that_two_fields_have_is_left_to_people(desk: World) -> None:
    """Nothing is written: which of the two is meant a person says."""
    prepare(desk.tracker, "twin-names")
    with administrator(desk) as site:
        found = site.plan()
    assert "give the id of the right one" in found.refusals[0]
    assert not written(desk)


def test_a_team_managed_desk_ends_in_the_hand_out(desk: World) -> None:
    """The other desk is set up; what only a person can do there is named, field by field."""
    prepare(desk.tracker, "team-managed")
    applied(desk)
    with administrator(desk) as site:
        found = site.plan()
        text = checklist(found, site.setup, site.by_hand())
    assert f"{TEAM} is team-managed: make the field 'Response due'" in text


def test_a_team_managed_desk_is_served_by_a_bot_of_its_own(
    desk: World,
) -> None:
    """When a person has done what the hand-out says, every field is written, and doctor has nothing to say of it."""
    prepare(desk.tracker, "team-managed")
    applied(desk)
    names = (*OURS, "Severity", "Product", "Customer called at")
    made = {
        name: twin_field(desk.tracker, name, TEAM).id
        for name in (*names, "Acknowledged at")
    }
    jira = desk.config / "jira.yaml"
    text = jira.read_text().replace("projects: []", f"projects: [{TEAM}]")
    text = text.replace("role: Service Desk Team", "role: Member")
    for name, identity in made.items():
        text = text.replace(f": {name}\n", f": {identity}\n")
    jira.write_text(text)
    desk.wait(minutes=1)
    assert desk.sweep().failed is None
    written = desk.tracker.issue("TEAM-1").fields
    assert all(written[made[each]] for each in OURS)
    options = desk.options(patience=Patience(retries=0))
    found = site_setup.examined(
        desk.settings(), CHECKS, lambda _: None, options, desk.hands
    )
    names_found = [each.name for each, verdict in found if verdict.is_finding]
    assert names_found == ["organizations"]


EVERY = 3
"""Every third call is the last of a run here; tests/provision cuts a run short after each step."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["reset", "reset-after"])
@pytest.mark.parametrize(
    "name", ["field-schemes", "trashed-field", "restricted"]
)
def test_killed_at_any_call_it_ends_in_the_same_state(
    name: str, kind: str, tmp_path: Path
) -> None:
    """Whichever call is the last of a first run, carried out or not, the second completes the site without a twin."""
    with world(tmp_path) as whole:
        prepare(whole.tracker, name)
        applied(whole)
        calls = len(written(whole))
        expected = _shape(whole)
    for number in range(0, calls, EVERY):
        with world(tmp_path) as desk:
            prepare(desk.tracker, name)
            _stop_after(desk, number, kind)
            with pytest.raises((TransientError, TerminalError)):
                applied(desk)
            desk.goes_well()
            assert not applied(desk).steps
            assert _shape(desk) == expected, f"killed at write {number}"


def _stop_after(desk: World, number: int, kind: str) -> None:
    """Let so many writing calls pass; the next one and all after it get no answer."""
    faults = desk.tracker.faults
    writes = count()
    take = faults.next_for

    def next_for(
        method: str, path: str, is_about: Callable[[str], bool]
    ) -> Fault | None:
        if method in WRITES and next(writes) == number:
            faults.place({"match": "", "kind": kind, "times": 0})
        return take(method, path, is_about)

    faults.next_for = next_for  # type: ignore[method-assign]


def test_a_restricted_field_and_a_disabled_option(desk: World) -> None:
    """Our desk gets contexts, those of others stay as they are; the option is left to people, and doctor names it."""
    prepare(desk.tracker, "restricted")
    severity = desk.tracker.site.field("Severity")
    assert severity is not None
    before = severity.contexts
    left = applied(desk)
    severity = desk.tracker.site.field("Severity")
    assert severity is not None
    assert severity.contexts[: len(before)] == before
    ours = severity.context_in("SUP")
    assert ours is not None
    assert ours.name == "jsm-sla-bot: SUP"
    assert any(
        "enable the option 'Expert'" in each.what for each in left.by_hand
    )


def test_a_work_type_with_screens_and_contexts_of_its_own(
    desk: World,
) -> None:
    """Its screen gets the fields too, and a context that leaves it out holds for it afterwards."""
    prepare(desk.tracker, "half-done")
    add_work_type(desk.tracker, "10005", "Incident")
    restrict_field(desk.tracker, "Severity", ["SUP"], (WORK_TYPE,))
    change_work_type(desk.tracker, "SUP-1", "Incident")
    layout = desk.tracker.layout
    layout.screens.append(
        Screen(10003, "Incidents", [Tab(10103, "Field Tab")])
    )
    layout.screen_schemes.append(
        ScreenScheme(10202, "Incidents", {"default": 10003})
    )
    layout.type_schemes[0].by_type["10005"] = 10202
    assert not applied(desk).steps
    shown = layout.screen(10003)
    for name in (*OURS, "Severity"):
        assert shown.shows(desk.tracker.site.field_id(name))
    severity = desk.tracker.site.field("Severity")
    assert severity is not None
    assert severity.holds_in("SUP", "10005")
    desk.wait(minutes=1)
    assert desk.sweep().failed is None
    assert all(desk.shows("SUP-1", each) for each in OURS)


def test_a_field_scheme_that_restricts_a_field(desk: World) -> None:
    """It has the field for our work types too afterwards, and for those that it had."""
    prepare(desk.tracker, "field-schemes")
    add_work_type(desk.tracker, "10005", "Incident")
    assert not applied(desk).steps
    (scheme,) = desk.tracker.layout.field_schemes
    due = desk.tracker.site.field_id("Response due")
    scheme.restricted[due] = ["10005", "10006"]
    assert len(applied_steps(desk)) == 1
    assert scheme.restricted[due] == ["10004", "10005", "10006"]
    assert not applied(desk).steps
    desk.wait(minutes=1)
    assert desk.sweep().failed is None
    assert desk.shows("SUP-1", "Response due")


@pytest.mark.parametrize("has_schemes", [False, True])
def test_every_project_that_a_shared_scheme_or_screen_touches_is_named(
    desk: World, *, has_schemes: bool
) -> None:
    """Also where the association is made by project: it reaches all that share the field configuration."""
    prepare(desk.tracker, "field-schemes" if has_schemes else "empty")
    open_project(desk.tracker, "SALES", "Sales Desk")
    jira = desk.config / "jira.yaml"
    text = jira.read_text().replace("projects: []", "projects: [SUP]")
    jira.write_text(text)
    steps = [described(each) for each in applied_steps(desk)]
    shared = [each for each in steps if "which serves" in each]
    assert any(each.startswith("associate") for each in shared)
    assert any("on the screen" in each for each in shared)
    assert all("SALES" in each and "SUP" in each for each in shared)


def _shape(desk: World) -> object:
    site = desk.tracker.site
    names = {each.id: each.name for each in site.fields}
    layout = desk.tracker.layout
    return (
        sorted(
            (
                each.name,
                tuple(option.value for option in each.options),
                tuple(
                    (
                        one.projects,
                        one.types,
                        tuple(option.value for option in one.options),
                    )
                    for one in each.contexts
                ),
            )
            for each in site.fields
        ),
        [
            sorted(names[each] for tab in screen.tabs for each in tab.fields)
            for screen in layout.screens
        ],
        [
            sorted(names[each] for each in scheme.fields)
            for scheme in layout.field_schemes
        ],
    )


def test_the_administrators_token_stands_nowhere(
    desk: World,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither output nor journal nor log of the run holds it; the ids go into jira.yaml, comments stay."""
    prepare(desk.tracker, "empty")
    secret = "a-token-of-the-administrator"
    monkeypatch.setattr("jsm_sandbox.http.auth.SECRET", secret)
    for name, text in desk.variables(
        ADMIN_EMAIL="admin@example.com",
        ADMIN_API_TOKEN=secret,
        LOG_LEVEL="DEBUG",
    ).items():
        monkeypatch.setenv(name, text)
    before = (desk.config / "jira.yaml").read_text()
    run = CliRunner().invoke(
        command_line("provision"), ["provision", "--apply", "--write"]
    )
    said = run.output + "".join(capfd.readouterr())
    assert run.exit_code == 0, said
    assert "done: make the field 'Response due'" in said
    assert secret not in said
    for file in Path(desk.folder).rglob("*"):
        assert secret.encode() not in (
            file.read_bytes() if file.is_file() else b""
        )
    after = (desk.config / "jira.yaml").read_text()
    assert re.search(r"response_due: customfield_\d+ # Response due", after)
    comments = [line for line in before.splitlines() if line.startswith("#")]
    assert [
        line for line in after.splitlines() if line.startswith("#")
    ] == comments


@pytest.mark.parametrize(
    ("email", "token"),
    [("bot@example.com", TOKEN), ("admin@example.com", "not-the-token")],
    ids=["no administrator", "a wrong token"],
)
def test_whoever_is_no_administrator_is_named(
    desk: World, email: str, token: str
) -> None:
    """The sentence names the variable, since the bot has an account of its own; nothing is written."""
    prepare(desk.tracker, "half-done")
    someone = Administrator(email, SecretStr(token))
    options = desk.options(patience=Patience(retries=0))
    with (
        pytest.raises(TerminalError, match="JSM_SLA_BOT_ADMIN_EMAIL") as said,
        site_setup.provisioning(desk.settings(), someone, options) as site,
    ):
        list(site.applied())
    assert "not-the-token" not in str(said.value)
    assert not [each for each in desk.calls() if each["method"] in WRITES]


def test_without_an_administrator_it_says_what_is_missing(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence names the two variables, and the list that needs neither."""
    for name, text in desk.variables().items():
        monkeypatch.setenv(name, text)
    run = CliRunner().invoke(command_line("provision"), ["provision"])
    assert run.exit_code == 1
    assert "JSM_SLA_BOT_ADMIN_EMAIL" in run.output
    listed = CliRunner().invoke(
        command_line("provision"), ["provision", "--handout"]
    )
    assert listed.exit_code == 0
    assert "portal form" in listed.output
    assert "## JQL" in listed.output
