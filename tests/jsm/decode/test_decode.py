from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.jsm.decode.request import (
    Past,
    head,
    is_ignored,
    sighting,
    updated,
    wanted_members,
)
from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.plan.ledger_json import to_json
from jsm_sla_bot.ports.site import Sighting
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    Phase,
    Role,
    Status,
    Value,
)
from tests.jsm.wire import (
    ANNA,
    BOT,
    MIA,
    PROJECT,
    ROBOT,
    RUTH,
    changed,
    comment,
    issue,
    item,
    site,
    user,
    utc,
)
from tests.plan.ledgers import flat, ledger_of

REPORTED = utc("2026-03-06 21:10")


def read(
    shown: dict[str, Any], *, log: Any = (), comments: Any = (), **desk: Any
) -> Sighting:
    """Read a request with its history."""
    return sighting(head(shown), Past(log, comments), site(**desk), PROJECT)


def told(found: Sighting, what: Deed) -> list[HistoryEntry]:
    """Return the history of one kind."""
    return [entry for entry in found.snapshot.history if entry.what is what]


def test_a_request_is_read() -> None:
    """Everything that the engine and the comparison need is there, instants in UTC."""
    found = read(
        issue(
            customfield_10009="2026-03-07T01:20:00.000+0200",
            labels=["No-SLA", "x"],
        )
    )
    snapshot = found.snapshot
    assert (found.id, found.key, found.updated) == (
        "10042",
        "SUP-1",
        utc("2026-03-06 21:30:00.123"),
    )
    assert (snapshot.reported, snapshot.severity, snapshot.organizations) == (
        REPORTED,
        1,
        ("27",),
    )
    assert (snapshot.product, snapshot.request_type) == (
        "Outscan NX",
        "Report a problem",
    )
    assert (snapshot.channel, snapshot.status) == (
        "portal",
        Status("Waiting for support", Phase.OPEN),
    )
    assert found.shown.fields[SlaField.RESPONSE_DUE] == utc("2026-03-06 23:20")
    assert SlaField.SLA_BASIS not in found.shown.fields
    assert (
        found.shown.priority,
        found.shown.highest_priority,
        found.shown.ignored,
    ) == ("3", "1", True)


@pytest.mark.parametrize(
    ("shown", "severity"),
    [
        pytest.param(None, None, id="none"),
        pytest.param(
            {"id": "10099", "value": "s1 - critical"},
            1,
            id="by text, without case",
        ),
        pytest.param(
            {"id": "10013", "value": "Whatever"}, 3, id="by id, renamed"
        ),
        pytest.param("S2 - Major", 2, id="as plain text"),
        pytest.param(
            [{"id": "1", "value": "S4 - Low"}], 4, id="as a list of one"
        ),
    ],
)
def test_severity(shown: Any, severity: int | None) -> None:
    """A severity is known by its option's id or text (D10: none is None)."""
    assert read(issue(customfield_10001=shown)).snapshot.severity == severity


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            {"customfield_10001": {"id": "7", "value": "S9"}},
            "severity option 'S9' (7) is not in",
            id="option",
        ),
        pytest.param(
            {"customfield_10001": {"odd": 1}},
            "severity field shows something",
            id="severity shape",
        ),
        pytest.param(
            {"created": "yesterday"},
            "created: expected an instant",
            id="created",
        ),
        pytest.param(
            {"updated": None}, "updated: expected an instant", id="updated"
        ),
        pytest.param({"status": "?"}, "shows no status", id="status"),
        pytest.param({"project": [None]}, "shows no project", id="project"),
        pytest.param(
            {"customfield_10009": "02/Jan/26"},
            "Response due: expected an instant",
            id="due",
        ),
        pytest.param(
            {"customfield_10003": "02/Jan/26"},
            "Customer called at: expected",
            id="call",
        ),
    ],
)
def test_what_cannot_be_read_has_a_reason(
    changes: dict[str, Any], reason: str
) -> None:
    """A request that makes no sense is refused with a reason that names the part."""
    with pytest.raises(UnreadableError) as refusal:
        read(issue(**changes))
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("shown", "ids"),
    [
        pytest.param(None, (), id="null"),
        pytest.param([], (), id="none"),
        pytest.param(
            [{"id": 31, "name": "B"}, {"id": "4", "name": "A"}],
            ("4", "31"),
            id="text and number",
        ),
        pytest.param([27, "27"], ("27",), id="bare"),
    ],
)
def test_organizations(shown: Any, ids: tuple[str, ...]) -> None:
    """Organizations are known by id, however it is written, in one order (R6, D11)."""
    assert read(issue(customfield_10004=shown)).snapshot.organizations == ids


@pytest.mark.parametrize(
    ("author", "role"),
    [
        pytest.param(user(BOT), Role.BOT, id="ourselves"),
        pytest.param(user(MIA), Role.AGENT, id="in the role"),
        pytest.param(user("x", "app"), Role.AUTOMATION, id="an app"),
        pytest.param(user(ROBOT), Role.AUTOMATION, id="listed as automation"),
        pytest.param(user(RUTH, "customer"), Role.CUSTOMER, id="the reporter"),
        pytest.param(
            user(ANNA),
            Role.CUSTOMER,
            id="an agent who takes part as a customer",
        ),
        pytest.param(
            user("nina"),
            Role.PROBABLE_AGENT,
            id="a colleague without the role",
        ),
        pytest.param(
            user("x", "customer"), Role.CUSTOMER, id="another customer"
        ),
        pytest.param(
            user("x", "unknown"), Role.CUSTOMER, id="of unknown kind"
        ),
        pytest.param(user("member"), Role.CUSTOMER, id="of the organization"),
        pytest.param(None, Role.AUTOMATION, id="deleted"),
        pytest.param(
            {"displayName": "Anonymous"}, Role.AUTOMATION, id="anonymous"
        ),
    ],
)
def test_who_is_an_agent(author: Any, role: Role) -> None:
    """The role on this request decides, not the type of the account (D4)."""
    shown = issue(customfield_10006=[user(ANNA)])
    said = comment(1, "2026-03-06T22:11:00.000+0100") | {"author": author}
    past = Past((), [said], members=frozenset({"member"}))
    found = sighting(head(shown), past, site(), PROJECT)
    [entry] = told(found, Deed.PUBLIC_COMMENT)
    assert entry.role is role


def test_people_and_organizations_keep_their_names() -> None:
    """Names are for people to read: the author's of a comment and of a change, the organization's of the request."""
    to_progress = item("status", "1", "3", field_id="status")
    found = read(
        issue(),
        log=[changed(1, "2026-03-06T22:11:00.000+0100", to_progress)],
        comments=[comment(5, "2026-03-06T22:12:00.000+0100")],
    )
    assert [entry.name for entry in found.snapshot.history] == [
        "Secret Name"
    ] * 2
    assert found.snapshot.name_of("27") == "Acme"
    assert found.snapshot.name_of("28") == ""


@pytest.mark.parametrize(
    "sees", [True, False], ids=["sees it", "sees it no more"]
)
def test_an_agent_who_has_left_is_still_the_agent_of_then(
    *, sees: bool
) -> None:
    """D35: what a listed former agent did counts, though the request is not theirs to see any more."""
    at, account = "2026-03-06T22:11:00.000+0100", "left"
    said = comment(1, at, by=account, jsdAuthorCanSeeRequest=sees)
    log = [changed(1, at, item("status", "1", "2"), by=account)]
    former = frozenset({account})
    found = read(issue(), log=log, comments=[said], former_agents=former)
    history = found.snapshot.history
    assert {entry.role for entry in history} == {Role.AGENT}
    unlisted = read(issue(), log=log, comments=[said]).snapshot.history
    assert [entry.role for entry in unlisted] == [
        Role.CUSTOMER,
        Role.PROBABLE_AGENT,
    ]


@pytest.mark.parametrize(
    ("author", "more", "wanted"),
    [
        pytest.param(user("nina"), {}, ("27",), id="a colleague"),
        pytest.param(user("nina"), {"jsdPublic": False}, (), id="internally"),
        pytest.param(user(MIA), {}, (), id="an agent"),
        pytest.param(user("x", "customer"), {}, (), id="a customer"),
    ],
)
def test_the_organizations_customers_are_asked_for_only_in_doubt(
    author: Any, more: dict[str, Any], wanted: tuple[str, ...]
) -> None:
    """D35: one call for each organization, and none where nobody could be taken for an agent."""
    said = comment(1, "2026-03-06T22:11:00.000+0100", **more) | {
        "author": author
    }
    found = wanted_members(head(issue()), Past((), [said]), site(), PROJECT)
    assert found == wanted


def test_an_agent_who_reports_is_a_customer() -> None:
    """Who raises a request is its customer, agent or not (D4)."""
    said = [comment(1, "2026-03-06T22:11:00.000+0100")]
    [entry] = told(
        read(issue(reporter=user(MIA)), comments=said), Deed.PUBLIC_COMMENT
    )
    assert entry.role is Role.CUSTOMER


@pytest.mark.parametrize(
    ("more", "what", "role"),
    [
        pytest.param({}, Deed.PUBLIC_COMMENT, Role.AGENT, id="public"),
        pytest.param(
            {"jsdPublic": False}, Deed.INTERNAL_NOTE, Role.AGENT, id="internal"
        ),
        pytest.param(
            {"jsdPublic": None},
            Deed.INTERNAL_NOTE,
            Role.AGENT,
            id="not told: never an acknowledgement",
        ),
        pytest.param(
            {"visibility": {"type": "role"}},
            Deed.INTERNAL_NOTE,
            Role.AGENT,
            id="kept to a role",
        ),
        pytest.param(
            {"jsdAuthorCanSeeRequest": False},
            Deed.PUBLIC_COMMENT,
            Role.CUSTOMER,
            id="from outside",
        ),
    ],
)
def test_who_could_read_a_comment(
    more: dict[str, Any], what: Deed, role: Role
) -> None:
    """Only what the customer was shown counts as public (D4)."""
    found = read(
        issue(), comments=[comment(1, "2026-03-06T22:11:00.000+0100", **more)]
    )
    assert [(entry.what, entry.role) for entry in found.snapshot.history] == [
        (what, role)
    ]


def test_a_comment_told_twice_counts_once() -> None:
    """Pages that overlap do not double the history."""
    said = comment(1, "2026-03-06T22:11:00.000+0100")
    assert (
        len(told(read(issue(), comments=[said, said]), Deed.PUBLIC_COMMENT))
        == 1
    )


@pytest.mark.parametrize(
    ("page", "complete"),
    [
        pytest.param({"comments": [], "total": 0}, True, id="none at all"),
        pytest.param(
            {"comments": [comment(1, "x")], "total": 1}, True, id="all"
        ),
        pytest.param(
            {"comments": [comment(1, "x")], "total": 2}, False, id="cut short"
        ),
        pytest.param({"comments": [comment(1, "x")]}, False, id="no total"),
        pytest.param(
            {"comments": [{"id": "1"}], "total": 1},
            False,
            id="audience not told",
        ),
        pytest.param(None, False, id="missing"),
    ],
)
def test_embedded_comments_are_used_when_complete(
    page: Any, complete: bool
) -> None:
    """The comments that come with a request are enough only if all came and all tell who sees them."""
    assert (head(issue(comment=page)).comments is not None) is complete


def test_history_in_order_whatever_the_wire_does() -> None:
    """Shuffled entries, mixed instants and missing field ids come out as one story."""
    log = [
        changed(
            3,
            1772832000000,
            item(
                "status", "10002", "10005", strings=("In progress", "Resolved")
            ),
        ),
        changed(
            1,
            "2026-03-06T22:12:00.000+0100",
            item(
                "SEVERITY", "10013", "10011", strings=("S3", "S1 - Critical")
            ),
        ),
        changed(
            2,
            1772831700,
            item("Status", "10001", "10002", strings=("Alt", "Old name")),
        ),
        changed(
            2,
            1772831700,
            item("Status", "10001", "10002", strings=("Alt", "Old name")),
        ),
        changed(4, "nonsense", item("summary", None, None)),
    ]
    found = read(issue(), log=log)
    assert [(e.at, e.before, e.after) for e in told(found, Deed.STATUS)] == [
        (
            utc("2026-03-06 21:15"),
            Status("Waiting for support"),
            Status("In progress", Phase.ACKNOWLEDGED),
        ),
        (
            utc("2026-03-06 21:20"),
            Status("In progress", Phase.ACKNOWLEDGED),
            Status("Resolved", Phase.CLOSED),
        ),
    ]
    assert [(e.before, e.after) for e in told(found, Deed.SEVERITY)] == [
        (3, 1)
    ]


@pytest.mark.parametrize(
    ("change", "what", "before", "after"),
    [
        pytest.param(
            item("Severity", "1", "10011", field_id="customfield_10001", strings=("Old", "Renamed since")),
            Deed.SEVERITY, None, 1, id="an option that has been renamed is known by its id",
        ),
        pytest.param(
            item("Product", "1", None, field_id="customfield_10002", strings=("HIAB", None)),
            Deed.PRODUCT, "HIAB", None, id="product",
        ),
        pytest.param(
            item("labels", None, None, strings=("a", "a b")),
            Deed.LABELS, frozenset({"a"}), frozenset({"a", "b"}), id="labels",
        ),
        pytest.param(
            item("Organisationen", "[31, 4]", None, strings=("B, A", None)),
            Deed.ORGANIZATIONS, ("4", "31"), (), id="organizations by id",
        ),
        pytest.param(
            item("status", "99", "10006", strings=("Gone since", "Declined")),
            Deed.STATUS, Status("Gone since"), Status("Abgelehnt", Phase.DECLINED), id="a lost status",
        ),
    ],
)  # fmt: skip
def test_changes(
    change: dict[str, Any], what: Deed, before: Value, after: Value
) -> None:
    """Each kind of change is told in the engine's own values."""
    [entry] = told(
        read(issue(), log=[changed(1, 1772831700000, change)]), what
    )
    assert (entry.before, entry.after, entry.role, entry.by) == (
        before,
        after,
        Role.AGENT,
        MIA,
    )


def test_organizations_by_name_only_are_passed_over() -> None:
    """Names may change: nothing is concluded from them."""
    log = [
        changed(
            1,
            1772831700000,
            item("Organisationen", None, None, strings=("Acme", "Beta")),
        )
    ]
    assert told(read(issue(), log=log), Deed.ORGANIZATIONS) == []


def test_a_change_without_its_instant_is_a_reason() -> None:
    """A lost instant in a field that matters is not passed over in silence."""
    with pytest.raises(UnreadableError, match="changelog entry's created"):
        read(issue(), log=[changed(1, None, item("status", "1", "2"))])


@pytest.mark.parametrize("shape", [dict, flat], ids=["now", "version 1"])
def test_the_ledger_is_read(
    shape: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    """The bot's own property comes back as it was written, by this version and by the one before."""
    shown = issue()
    written = to_json(ledger_of(due=REPORTED, rungs=("at_risk",)))
    shown["properties"]["jsm-sla-bot"] = value = shape(written)
    found = head(shown)
    assert found.ledger == ledger_of(due=REPORTED, rungs=("at_risk",)), value


def test_a_ledger_of_a_newer_bot_is_known_as_one() -> None:
    """What this bot can't read it must not replace: the request is read, and its ledger is marked."""
    shown = issue()
    shown["properties"]["jsm-sla-bot"] = {"version": 3}
    found = head(shown)
    assert found.ledger is None
    assert found.is_ledger_newer
    assert "newer bot" in found.ledger_problem


@pytest.mark.parametrize(
    "value", ["x", {}, {"version": 0}, {"version": 1}, {"version": 2}], ids=str
)
def test_a_broken_ledger_counts_as_none(value: Any) -> None:
    """Somebody else's property under our key is told and done without."""
    shown = issue()
    shown["properties"]["jsm-sla-bot"] = value
    found = head(shown)
    assert found.ledger is None
    assert found.ledger_problem


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just("10011"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "key",
                    "name",
                    "value",
                    "comments",
                    "total",
                    "accountId",
                    "type",
                    "content",
                    "items",
                ]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
NAMES = [*issue()["fields"], "customfield_10013"]


@given(
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4),
    st.lists(JSON, max_size=2),
    st.lists(JSON, max_size=2),
)
def test_nothing_escapes(
    fields: dict[str, Any], log: list[Any], comments: list[Any]
) -> None:
    """Whatever a request consists of, it is read or refused with a reason."""
    rows = [each for each in log if isinstance(each, dict)]
    said = [each for each in comments if isinstance(each, dict)]
    try:
        read(issue(**fields), log=rows, comments=said)
    except UnreadableError as reason:
        assert str(reason)  # noqa: PT017 - either outcome is right


@given(JSON.filter(lambda value: isinstance(value, dict)))
def test_nothing_escapes_a_head(shown: dict[str, Any]) -> None:
    """Whatever stands where a request was due, it is read or refused with a reason."""
    try:
        head(shown)
    except UnreadableError as reason:
        assert str(reason)  # noqa: PT017 - as above


@pytest.mark.parametrize(
    ("shown", "ignored"),
    [
        pytest.param(
            issue(labels=["NO-sla"], created=None),
            True,
            id="unreadable otherwise",
        ),
        pytest.param(issue(labels=["other"]), False, id="another label"),
        pytest.param(issue(labels="no-sla"), False, id="no list"),
        pytest.param({"fields": None}, False, id="no fields"),
    ],
)
def test_the_label_can_be_read_alone(
    shown: dict[str, Any], *, ignored: bool
) -> None:
    """Whether a request is left alone is known before anything else of it."""
    assert is_ignored(shown, site().desk) is ignored


@pytest.mark.parametrize("value", [None, "yesterday", [], "2026-03-06"])
def test_a_touch_that_cannot_be_read_is_none(value: Any) -> None:
    """When a request was last touched is told where it can be."""
    assert updated({"fields": {"updated": value}}) is None
    assert updated(issue()) == utc("2026-03-06 21:30:00.123")
