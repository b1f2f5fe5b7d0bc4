"""Which steps complete a site, and that they always end in the same state."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.ports.provision import (
    MADE_HERE,
    AddOptions,
    Associate,
    Context,
    FieldSetup,
    MakeContext,
    MakeField,
    Option,
    OrderOptions,
    PutOnScreen,
    RestoreField,
    Setup,
    WidenContext,
)
from jsm_sla_bot.provision.handout import (
    always_by_hand,
    checklist,
    described,
    queries,
)
from jsm_sla_bot.provision.planning import planned
from jsm_sla_bot.provision.provisioner import Provisioner
from jsm_sla_bot.provision.wanted import fields_to_have
from tests.doctor.scene import SEVERITIES, configuration
from tests.provision.site import SUPPORT, TEAM, KilledError, Site, empty

WANTED = fields_to_have(configuration().desk, configuration().policy)
NAMES = [each.name for each in WANTED]


def provisioner(site: Site) -> Provisioner:
    """Return what sets up that site."""
    return Provisioner(site, configuration().desk, WANTED, {})


def severity(*texts: str, **changes: object) -> FieldSetup:
    """Make a severity field with these options."""
    options = [Option(str(number), text) for number, text in enumerate(texts)]
    made = FieldSetup(
        "customfield_1",
        "Severity",
        "select",
        contexts=[Context("9", options=options)],
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def of_severity(setup: Setup) -> list[object]:
    """Return the steps about the severity that do not show it anywhere."""
    return [
        each
        for each in planned(setup, WANTED).steps
        if each.key == "fields.severity"
        and not isinstance(each, PutOnScreen | Associate)
    ]


def test_an_empty_site_gets_everything_and_then_nothing() -> None:
    """One run makes every field with its options, shows and associates it; the next finds nothing to do."""
    site = Site(empty())
    list(provisioner(site).applied())
    assert sorted(each.name for each in site.setup.fields) == sorted(NAMES)
    made = {each.name: each for each in site.setup.fields}
    texts = [option.text for option in made["Severity"].contexts[0].options]
    assert texts == list(SEVERITIES)
    ids = {each.id for each in site.setup.fields}
    assert site.setup.screens[0].fields == ids
    assert site.setup.schemes[0].fields == ids
    chosen = {
        made[name].id for name in ("Severity", "Product", "Customer called at")
    }
    assert site.setup.screens[1].fields == chosen
    assert not planned(site.setup, WANTED).steps


def test_a_field_that_is_made_can_be_searched() -> None:
    """Without a searcher no queue could use it."""
    made = [
        each
        for each in planned(empty(), WANTED).steps
        if isinstance(each, MakeField)
    ]
    assert {each.key for each in made} == {
        each.wanted.setting for each in WANTED
    }
    assert all(each.searcher.rpartition(":")[2] for each in made)


STEPS = len(planned(empty(), WANTED).steps)


@pytest.mark.parametrize("steps", range(STEPS))
def test_killed_between_any_two_steps_it_ends_in_the_same_state(
    steps: int,
) -> None:
    """What a first run has done is adopted by the second."""
    site = Site(empty(), dies_after=steps)
    with pytest.raises(KilledError):
        list(provisioner(site).applied())
    site.dies_after = None
    list(provisioner(site).applied())
    whole = Site(empty())
    list(provisioner(whole).applied())
    assert _shape(site.setup) == _shape(whole.setup)
    assert not planned(site.setup, WANTED).steps


def _shape(setup: Setup) -> Sequence[object]:
    names = {each.id: each.name for each in setup.fields}
    options = {
        each.name: [
            [option.text for option in one.options] for one in each.contexts
        ]
        for each in setup.fields
    }
    shown = [
        sorted(names[each] for each in one.fields) for one in setup.screens
    ]
    given = [
        sorted(names[each] for each in one.fields) for one in setup.schemes
    ]
    return options, shown, given


def test_a_field_of_the_same_name_and_type_is_adopted() -> None:
    """Its options are completed, whatever the case of its name; nothing of it is renamed."""
    found = severity(*SEVERITIES[:3], name="severity")
    assert of_severity(empty(found)) == [
        AddOptions("fields.severity", "severity", [SEVERITIES[3]], "9")
    ]
    assert planned(empty(found), WANTED).ids == {
        "fields.severity": "customfield_1"
    }


def test_synonyms_of_an_option_are_enough() -> None:
    """`S1` stands for the same as `S1 - Critical`."""
    assert of_severity(empty(severity("S1", "S2", "S3", "S4"))) == []


def test_options_of_others_are_left_in_their_order() -> None:
    """What provision did not make it does not move: a person is asked to."""
    found = planned(empty(severity(*SEVERITIES[::-1])), WANTED)
    assert not [each for each in found.steps if isinstance(each, OrderOptions)]
    (by_hand,) = found.by_hand
    assert ", ".join(SEVERITIES) in by_hand.what
    assert "customFieldId=1" in by_hand.where


def test_options_of_its_own_are_put_in_order() -> None:
    """A field that provision made may have been left half done."""
    half = severity(
        *SEVERITIES[1:], SEVERITIES[0], description=f"x. {MADE_HERE}"
    )
    assert of_severity(empty(half)) == [
        OrderOptions("fields.severity", "Severity", list(SEVERITIES), "9")
    ]


def test_a_context_of_other_projects_is_left_alone() -> None:
    """Only the options that our projects see are completed."""
    contexts = [
        Context("9", options=[Option(text, text) for text in SEVERITIES]),
        Context("8", projects=frozenset({"999"})),
        Context("7", projects=frozenset({SUPPORT.id})),
    ]
    steps = of_severity(empty(severity(contexts=contexts)))
    assert [each.context for each in steps] == ["7"]  # type: ignore[attr-defined]


OTHER = frozenset({"999"})
OURS = frozenset({SUPPORT.id})
EVERY = [Option(text, text) for text in SEVERITIES]


@pytest.mark.parametrize(
    ("contexts", "expected"),
    [
        ([Context("8", OTHER, EVERY)], ["10000"]),
        ([], ["10000"]),
        ([Context("8", work_types=frozenset({"2"}))], ["10000"]),
        ([Context("9", options=EVERY), Context("8", OTHER)], []),
        ([Context("9", OURS, EVERY)], []),
    ],
    ids=["elsewhere", "none", "global, other types", "global", "ours"],
)
def test_a_project_that_no_context_covers_gets_one(
    contexts: list[Context], expected: list[str]
) -> None:
    """The contexts of others stay as they are; the new one has all options."""
    steps = of_severity(empty(severity(contexts=contexts)))
    made = [each for each in steps if isinstance(each, MakeContext)]
    assert [
        project.id for each in made for project in each.projects
    ] == expected
    assert all(each.texts == list(SEVERITIES) for each in made)
    assert all("no context covers" in described(each) for each in made)


def test_a_context_of_ours_for_other_work_types_is_widened() -> None:
    """Jira gives a project one context of a field, so that one is given the work types that it lacks."""
    limited = Context("9", OURS, EVERY, frozenset({"2"}))
    (step,) = of_severity(empty(severity(contexts=[limited])))
    assert isinstance(step, WidenContext)
    assert (step.context, step.work_types) == ("9", SUPPORT.work_types)
    assert "SUP hold for Ask too" in described(step)


@pytest.mark.parametrize("dies_within", [False, True])
def test_contexts_are_completed_however_often_it_is_killed(
    *, dies_within: bool
) -> None:
    """A context that was made and has no options yet gets them in the second run."""
    limited = Context("9", OURS, work_types=frozenset({"2"}))
    fields = [
        severity(contexts=[Context("8", OTHER)]),
        FieldSetup(
            "customfield_2", "Response due", "datetime", contexts=[limited]
        ),
        FieldSetup("customfield_3", "Response target", "textfield"),
    ]
    site = Site(empty(*fields), dies_within=dies_within)
    if dies_within:
        for _ in range(2):
            with pytest.raises(KilledError):
                list(provisioner(site).applied())
    site.dies_within = False
    list(provisioner(site).applied())
    assert not planned(site.setup, WANTED).steps
    found = {each.name: each.contexts for each in site.setup.fields}
    _, ours = found["Severity"]
    assert [each.text for each in ours.options] == list(SEVERITIES)
    assert found["Response due"][0].covers(SUPPORT.id, "1")
    assert [each.projects for each in found["Response target"]] == [OURS]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [({"2"}, [["1", "2"]]), ({"1"}, []), (set(), [])],
    ids=["other types", "ours", "no limit"],
)
def test_a_scheme_that_has_a_field_for_other_work_types(
    limits: set[str], expected: list[list[str]]
) -> None:
    """It gets ours too and keeps those that it has; what is restricted to ours stays so."""
    found = severity(*SEVERITIES)
    scheme = replace(
        empty().schemes[0],
        fields=frozenset({found.id}),
        restricted={found.id: frozenset(limits)},
    )
    setup = replace(empty(found), schemes=[scheme])
    steps = [
        each
        for each in planned(setup, WANTED).steps
        if isinstance(each, Associate) and each.key == "fields.severity"
    ]
    assert [list(each.work_types) for each in steps] == expected
    assert all("for more work types" in described(each) for each in steps)


def test_contexts_that_nobody_shows_are_left_alone() -> None:
    """Without an administrator's account nothing is known of them, and nothing is asked for."""
    hidden = severity(contexts=(), are_contexts_known=False)
    assert of_severity(empty(hidden)) == []


def test_a_disabled_option_is_left_to_people() -> None:
    """Somebody has disabled it: it is named, with the page on which it is enabled."""
    options = [
        Option(text, text, is_disabled=text == SEVERITIES[1])
        for text in SEVERITIES
    ]
    found = planned(
        empty(severity(contexts=[Context("9", options=options)])), WANTED
    )
    assert not [
        each
        for each in found.steps
        if each.key == "fields.severity"
        and not isinstance(each, PutOnScreen | Associate)
    ]
    (by_hand,) = found.by_hand
    assert f"enable the option '{SEVERITIES[1]}'" in by_hand.what
    assert "customFieldId=1" in by_hand.where


def test_a_disabled_synonym_next_to_one_that_does_is_no_matter() -> None:
    """`S1` stands for the same as the disabled `S1 - Critical`."""
    options = [Option(text, text) for text in ("S1", *SEVERITIES[1:])]
    options.append(Option("x", SEVERITIES[0], is_disabled=True))
    found = planned(
        empty(severity(contexts=[Context("9", options=options)])), WANTED
    )
    assert not [each for each in found.by_hand if "enable" in each.what]


def test_a_field_in_the_trash_is_restored() -> None:
    """A second one of that name would be a twin, without the history of the first."""
    first, *_ = of_severity(empty(severity(*SEVERITIES, is_trashed=True)))
    assert first == RestoreField(
        "fields.severity", "customfield_1", "Severity"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            [severity(), severity(id="customfield_2")],
            "customfield_1, customfield_2",
        ),
        ([severity(type="textarea")], "has to be select"),
    ],
    ids=["twins", "another type"],
)
def test_what_would_mislead_people_is_refused(
    fields: list[FieldSetup], words: str
) -> None:
    """Twins and a field of another type are settled by a person first."""
    found = planned(empty(*fields), WANTED)
    assert words in found.refusals[0]
    assert not [each for each in found.steps if each.key == "fields.severity"]


def test_a_team_managed_desk_is_left_to_people() -> None:
    """No public call makes its fields: each is named in the hand-out, with its options."""
    setup = replace(empty(), projects=[TEAM], screens=[], schemes=[])
    site = Site(setup)
    work = provisioner(site)
    found = work.plan()
    text = checklist(found, setup, work.by_hand())
    for each in WANTED:
        assert f"make the field '{each.name}'" in text
    assert ", ".join(SEVERITIES) in text
    assert (
        "https://example.atlassian.net/jira/servicedesk/projects/TEAM" in text
    )


def test_every_project_that_a_step_touches_is_named() -> None:
    """A shared screen or scheme shows the field elsewhere too: the plan says where."""
    shared = [
        described(each)
        for each in planned(empty(), WANTED).steps
        if isinstance(each, Associate)
        or (isinstance(each, PutOnScreen) and each.screen.id == "5")
    ]
    assert shared
    assert all("SUP, SALES" in each for each in shared)


def test_people_read_names_where_the_yaml_gives_ids() -> None:
    """Ids say nothing to a person, and JQL takes none."""
    due = FieldSetup("customfield_8", "Response due", "datetime")
    setup = empty(due)
    desk = configuration().desk
    fields = {**desk.sla_fields, SlaField.RESPONSE_DUE: "customfield_8"}
    desk = replace(desk, sla_fields=fields)
    wanted = fields_to_have(desk, configuration().policy)
    by_hand = always_by_hand(setup, desk, wanted)
    said = " ".join(each.what for each in by_hand)
    said += " ".join(jql for _, jql in queries(desk, setup))
    assert '"Response due" <=' in said
    assert "customfield_8" not in said
