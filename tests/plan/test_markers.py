"""What is kept outside of the bot and compared again later stays as it is: each case says what breaks if it changes."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from jsm_sla_bot.plan import markers
from jsm_sla_bot.plan.change import Note, Part, Place, Shown
from jsm_sla_bot.plan.corrections import fingerprint
from jsm_sla_bot.plan.doubt import Doubt
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.plan.markers import Audience, RungMarker
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Flag, Measurement, SlaStatus
from jsm_sla_bot.sla.dormancy_state import Announced
from jsm_sla_bot.sla.eta import Eta, EtaNews, StandingEta
from jsm_sla_bot.sla.request import HistoryEntry, RequestSnapshot
from tests.sla.contract import POLICY, answer, local, request

DUE = datetime(2026, 3, 3, 9, tzinfo=UTC)
SINCE = datetime(2026, 3, 2, 8, 0, 0, 250000, tzinfo=UTC)


def story(*history: HistoryEntry, **given: object) -> Measurement:
    """Return what the contract says of a request an hour after its report."""
    raised: RequestSnapshot = request("2026-03-02 09:00", *history, **given)
    return assess(raised, POLICY, local("2026-03-02 10:00")).first_response


SILENCE = datetime(2026, 3, 2, 13, tzinfo=UTC)

PINNED: list[tuple[str, str, Callable[[], str], str]] = [
    (
        "property",
        "every ledger on every desk is lost, and every note of ours looks like a stranger's",
        lambda: markers.PROPERTY,
        "jsm-sla-bot",
    ),
    (
        "list of markers",
        "no note of ours is found again: all of them are written twice",
        lambda: markers.MARKERS,
        "markers",
    ),
    (
        "rung",
        "every rung that was reached before the update is announced a second time",
        lambda: markers.rung_marker("breach", DUE),
        "R10:breach:2026-03-03T09:00:00+00:00",
    ),
    (
        "rung of another metric",
        "as for a rung; it never equals one of the first response",
        lambda: markers.rung_marker("breach", DUE, "toy"),
        "R10.toy:breach:2026-03-03T09:00:00+00:00",
    ),
    (
        "correction",
        "a correction whose answer was lost is announced twice",
        lambda: markers.correction_marker(SlaField.SUPPORT_TIER, 3),
        "people:support_tier:3",
    ),
    (
        "reminder",
        "every reminder is written a second time, and no step of a dormant request is recognized",
        lambda: markers.public_marker(
            "reminder",
            markers.reminder_about(
                1,
                SILENCE,
                [Announced("reminder 2", 3), Announced("closing", 5)],
            ),
        ),
        "public:reminder:1@2026-03-02T13:00:00+00:00>reminder 2/3>closing/5",
    ),
    (
        "closing",
        "a request that was closed is not reopened, and the closing of one is written twice",
        lambda: markers.public_marker("closing", SILENCE.isoformat()),
        "public:closing:2026-03-02T13:00:00+00:00",
    ),
    (
        "flag on a dormant request",
        "agents are flagged a second time for the same act of the customer",
        lambda: markers.dormancy_flag_marker("D24", "waits_for_us", SILENCE),
        "D24:waits_for_us:2026-03-02T13:00:00+00:00",
    ),
    (
        "no severity",
        "agents are asked a second time for the severity",
        lambda: markers.flag_marker(Flag.NO_SEVERITY, story(severity=None)),
        "D10:no_severity",
    ),
    (
        "no organization",
        "agents are asked a second time for the organization",
        lambda: markers.flag_marker(
            Flag.NO_ORGANIZATION, story(organizations=())
        ),
        "D11:no_organization",
    ),
    (
        "unmapped organizations",
        "the lines to paste are posted a second time for the same organizations",
        lambda: markers.flag_marker(
            Flag.UNMAPPED_ORGANIZATION, story(organizations=("98", "99"))
        ),
        "D11:unmapped_organization:98,99",
    ),
    (
        "probable answer",
        "agents are asked a second time who answered",
        lambda: markers.flag_marker(Flag.PROBABLE_ANSWER, story()),
        "D35:probable_answer:unknown",
    ),
    (
        "not entitled",
        "agents read a second time that nothing is owed",
        lambda: markers.not_entitled_marker(story(organizations=("15",))),
        "R7:not_entitled:15",
    ),
    (
        "answer to an agent who asks why",
        "whoever has asked before the update, and whose label was not taken off yet, is answered a second time",
        lambda: markers.why_marker(DUE),
        "why:2026-03-03T09:00:00+00:00",
    ),
    (
        "public note",
        "every customer reads again what was said before the update, and notes that were meant for them are taken back",
        lambda: markers.public_marker("registered", "request"),
        "public:registered:request",
    ),
    (
        "ETA that is an instant",
        "every customer reads again the ETA that was said before the update, as if it were the first one",
        lambda: markers.eta_about(DUE, SINCE),
        "2026-03-03T09:00:00+00:00@2026-03-02T08:00:00.250000+00:00",
    ),
    (
        "ETA that is a date",
        "as for an instant",
        lambda: markers.eta_about(date(2026, 3, 3), SINCE),
        "2026-03-03@2026-03-02T08:00:00.250000+00:00",
    ),
    (
        "ETA reached",
        "agents read a second time of each ETA that is reached",
        lambda: markers.eta_flag_marker(
            EtaNews.REACHED, StandingEta(date(2026, 3, 3), SINCE)
        ),
        "D21:eta_reached:2026-03-03",
    ),
    (
        "ETA in the past",
        "agents read a second time that an ETA was past when it was set",
        lambda: markers.eta_flag_marker(EtaNews.PAST, StandingEta(DUE, SINCE)),
        "D21:eta_past:2026-03-03T09:00:00+00:00@2026-03-02T08:00:00.250000+00:00",
    ),
    (
        "ETA emptied",
        "agents read a second time that an ETA was emptied",
        lambda: markers.eta_flag_marker(
            EtaNews.EMPTIED, StandingEta(None, SINCE)
        ),
        "D21:eta_emptied:2026-03-02T08:00:00.250000+00:00",
    ),
    (
        "fingerprint of words",
        "the bot's own value passes for a change by hand, on every open request at once",
        lambda: fingerprint(
            SlaField.SUPPORT_TIER,
            " Expert  Partner ",
            Shown(
                {},
                places={SlaField.SUPPORT_TIER: Place("customfield_1", "Tier")},
            ),
        ),
        "17c2ab76",
    ),
    (
        "fingerprint of an instant",
        "as for words",
        lambda: fingerprint(SlaField.RESPONSE_DUE, DUE, Shown({})),
        "652c7490",
    ),
]


@pytest.mark.parametrize(
    ("breaks", "written", "kept"),
    [case[1:] for case in PINNED],
    ids=[case[0] for case in PINNED],
)
def test_a_persisted_string_is_what_it_always_was(
    breaks: str, written: Callable[[], str], kept: str
) -> None:
    """Desks carry them: a release that spells one otherwise forgets what the one before it has done."""
    assert written() == kept, breaks


CLOSED_SETS: list[tuple[str, type, set[str]]] = [
    (
        "the ledger's `written` and `corrected` forget a field that is renamed",
        SlaField,
        {
            "support_tier",
            "response_due",
            "response_sla",
            "response_target",
            "acknowledged_at",
            "sla_basis",
        },
    ),
    (
        "the options of the field Response SLA, and outcomes in ledgers, are these words",
        SlaStatus,
        {
            "Running",
            "At risk",
            "Paused",
            "Breached",
            "Met",
            "Met late",
            "Not applicable",
            "Not entitled",
        },
    ),
    (
        "a note's readers are said by these words in logs and plans",
        Audience,
        {"internal", "public"},
    ),
    (
        "a doubt in a ledger is no longer reported to ops",
        Doubt,
        {"unreadable", "other_request", "settled", "notes", "escalated"},
    ),
]


@pytest.mark.parametrize(
    ("breaks", "words", "kept"),
    CLOSED_SETS,
    ids=[case[1].__name__ for case in CLOSED_SETS],
)
def test_words_that_ledgers_and_desks_carry_keep_their_spelling(
    breaks: str, words: type, kept: set[str]
) -> None:
    """One may be added; none may be spelled otherwise."""
    assert kept <= {str(word) for word in words}, breaks  # type: ignore[attr-defined]


READ: list[tuple[str, str, RungMarker | None, str | None]] = [
    (
        "a rung",
        "R10:at risk:2026-03-03T09:00:00+00:00",
        RungMarker("at risk", DUE),
        None,
    ),
    (
        "another zone",
        "R10:breach:2026-03-03T10:00:00+01:00",
        RungMarker("breach", DUE),
        None,
    ),
    (
        "another metric",
        "R10.toy:breach:2026-03-03T09:00:00+00:00",
        RungMarker("breach", DUE, "toy"),
        None,
    ),
    ("no zone", "R10:breach:2026-03-03T10:00:00", None, None),
    ("no instant", "R10:breach:soon", None, None),
    ("no due time", "R10:breach", None, None),
    ("a correction", "people:support_tier:2", None, "support_tier"),
    ("a flag", "D10:no_severity", None, None),
    ("nothing", "", None, None),
]


@pytest.mark.parametrize(
    ("marker", "rung", "field"),
    [case[1:] for case in READ],
    ids=[c[0] for c in READ],
)
def test_a_marker_tells_what_its_note_is_about(
    marker: str, rung: RungMarker | None, field: str | None
) -> None:
    """Markers come back from Jira, where others can write too: what is none of ours tells nothing."""
    assert markers.rung_of(marker) == rung
    assert markers.corrected_field(marker) == field


def test_a_due_time_that_moves_has_markers_of_its_own() -> None:
    """R10: the rungs of a later due time are announced again."""
    early = assess(
        request("2026-03-02 09:00"), POLICY, local("2026-03-02 10:00")
    )
    late = assess(
        request("2026-03-03 09:00"), POLICY, local("2026-03-03 10:00")
    )
    answered = story(answer("2026-03-02 09:30"))
    assert early.due
    assert late.due
    marker = markers.rung_marker("breach", early.due)
    assert marker != markers.rung_marker("breach", late.due)
    assert answered.due == early.due


AUDIENCES: list[tuple[str, list[str], Audience]] = [
    ("a flag", ["D10:no_severity"], Audience.INTERNAL),
    ("public", ["public:eta:x"], Audience.PUBLIC),
    ("all public", ["public:eta:x", "public:resolved:y"], Audience.PUBLIC),
    ("a kind to come", ["public:newest:x"], Audience.PUBLIC),
    ("both", ["public:eta:x", "D10:no_severity"], Audience.INTERNAL),
    ("almost", ["publicity:x"], Audience.INTERNAL),
    ("none", [], Audience.INTERNAL),
]


@pytest.mark.parametrize(
    ("carried", "audience"),
    [case[1:] for case in AUDIENCES],
    ids=[case[0] for case in AUDIENCES],
)
def test_markers_say_for_whom_a_note_was_meant(
    carried: list[str], audience: Audience
) -> None:
    """D18: what not every marker calls public was meant for agents."""
    assert markers.audience_of(carried) is audience


def test_a_note_has_one_audience() -> None:
    """Nothing internal gets into a note that the customer reads: such a note can't even be made."""
    inside = Part(("D10:no_severity",), ("Set the severity.",))
    outside = Part(("public:eta:x",), ("The ETA is Friday.",))
    assert Note((inside,)).audience is Audience.INTERNAL
    assert Note((outside,)).audience is Audience.PUBLIC
    with pytest.raises(ValueError, match="not for both"):
        Note((inside, outside))
    with pytest.raises(ValueError, match="not for both"):
        Part(("D10:no_severity", "public:eta:x"), ("Both.",))


def test_what_public_notes_of_a_kind_speak_of() -> None:
    """A note that was written is found again by its kind."""
    carried = ["public:eta:x:1", "public:eta:y:2", "D10:x", "public:etas:z"]
    assert markers.public_about("eta", carried) == {"x:1", "y:2"}


@pytest.mark.parametrize("value", [DUE, date(2026, 3, 3)])
def test_an_eta_is_read_back_from_its_marker(value: Eta) -> None:
    """What the customer has read last is known by the notes that stand, whatever became of the ledger."""
    about = markers.eta_about(value, SINCE)
    assert markers.eta_of(about) == StandingEta(value, SINCE)


@pytest.mark.parametrize(
    "about",
    ["", "@", "soon", "2026-03-03", "2026-03-03@soon", "soon@2026-03-03T09:00:00+00:00", "2026-03-03@2026-03-03T09:00"],
)  # fmt: skip
def test_what_no_bot_wrote_speaks_of_no_eta(about: str) -> None:
    """Whoever may write comment properties may write nonsense."""
    assert markers.eta_of(about) is None
