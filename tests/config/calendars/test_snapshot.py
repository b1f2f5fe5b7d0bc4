"""Calendar snapshots: written from the library, compared with it, shown."""

import calendar
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from jsm_sla_bot.config.calendars.recipe import Recipe
from jsm_sla_bot.config.calendars.snapshot import (
    Difference,
    diff,
    recipe_of,
    refresh,
    show,
)
from jsm_sla_bot.config.problem import ConfigurationProblems, SnapshotError
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.config.yearly import (
    FromEaster,
    OfEveryYear,
    OfOneYear,
    Yearly,
    yearly,
)
from jsm_sla_bot.sla.calendar import Window

CALENDARS = Path(__file__).parents[3] / "config" / "calendars"
SWEDEN = CALENDARS / "sweden.yaml"
NAMES = [
    "belgium", "denmark", "france", "germany", "netherlands",
    "spain", "sweden", "united-kingdom", "united-states",
]  # fmt: skip


def hours(opens: int, closes: int) -> Window:
    """Return opening hours on the hour."""
    return Window(timedelta(hours=opens), timedelta(hours=closes))


@pytest.fixture
def recipe() -> Recipe:
    """Return what a small snapshot of Sweden is made from."""
    week = ((hours(9, 17),),) * 5 + ((), ())
    return Recipe(
        "se",
        "Europe/Stockholm",
        week,
        (2026, 2026),
        "SE",
        None,
        ("public", "de_facto"),
        ("bank",),
    )


def written(recipe: Recipe, folder: Path) -> Path:
    """Write the snapshot of a recipe."""
    path = folder / f"{recipe.name}.yaml"
    path.write_text(refresh(recipe))
    return path


def test_nine_countries_are_shipped() -> None:
    """The calendars of the customers' countries are there."""
    assert sorted(path.stem for path in CALENDARS.glob("*.yaml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_snapshot_is_what_its_recipe_makes(name: str) -> None:
    """A refresh of a shipped file changes days and the library's version at most."""
    path = CALENDARS / f"{name}.yaml"
    recipe = recipe_of(path)
    assert recipe.years == ((2015, 2030) if name == "sweden" else (2024, 2030))
    assert [
        line
        for line in path.read_text().splitlines()
        if "library:" not in line and not _is_day(line)
    ] == [
        line
        for line in refresh(recipe).splitlines()
        if "library:" not in line and not _is_day(line)
    ]


def _is_day(line: str) -> bool:
    return line.startswith("  20")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("sweden", date(2026, 6, 19)),
        ("sweden", date(2026, 12, 24)),
        ("sweden", date(2026, 12, 31)),
        ("sweden", date(2026, 1, 6)),
        ("united-kingdom", date(2026, 8, 31)),
        ("netherlands", date(2026, 4, 27)),
        ("germany", date(2026, 10, 3)),
        ("france", date(2026, 7, 14)),
        ("spain", date(2026, 10, 12)),
        ("denmark", date(2026, 5, 14)),
        ("belgium", date(2026, 7, 21)),
        ("united-states", date(2026, 11, 26)),
    ],
)
def test_a_day_on_which_banks_are_closed(name: str, day: date) -> None:
    """D15: national days, and in Sweden the eves on which banks are closed all day."""
    shown = {
        entry.day: entry
        for entry in show(CALENDARS / f"{name}.yaml", day.year)
    }
    assert shown[day].hours == ()


EASTER_FRIDAYS = [
    "2025-04-18",
    "2026-04-03",
    "2027-03-26",
    "2028-04-14",
    "2029-03-30",
    "2030-04-19",
]
BANK_DAYS = [
    ("united-states", "open", ["2026-07-03", "2027-06-18", "2027-12-24", "2027-12-31", "2028-11-10"]),
    ("united-states", "closed", ["2027-07-05", "2029-11-12", "2026-06-19", "2026-10-12", "2026-11-26"]),
    ("denmark", "closed", ["2026-05-15", "2026-06-05", "2026-12-24", "2026-12-31", "2027-05-07", "2028-06-05"]),
    ("denmark", "closed", ["2025-05-30", "2024-05-10", "2030-05-31", "2026-04-02", "2026-05-25"]),
    ("denmark", "open", ["2026-05-01", "2025-05-16"]),
    ("germany", "closed", ["2026-12-24", "2026-12-31", "2027-12-24", "2029-12-31", "2026-04-03", "2028-10-03"]),
    ("netherlands", "open", ["2024-03-29", *EASTER_FRIDAYS, "2026-05-05", "2027-05-05", "2026-12-31"]),
    ("netherlands", "closed", ["2026-04-06", "2026-04-27", "2026-05-14", "2026-05-25", "2028-12-26"]),
    ("belgium", "closed", ["2024-03-29", "2024-05-10", "2026-05-15", "2025-12-26", "2024-12-26"]),
    ("belgium", "open", [*EASTER_FRIDAYS, "2026-12-24", "2026-12-31"]),
    ("france", "closed", ["2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14"]),
    ("france", "open", [*EASTER_FRIDAYS, "2025-12-26"]),
    ("spain", "closed", ["2026-01-06", "2026-04-03", "2025-12-08"]),
    ("spain", "open", ["2026-04-02", "2026-12-24"]),
    ("united-kingdom", "closed", ["2026-12-28", "2027-12-27", "2027-12-28", "2028-01-03", "2026-05-04"]),
    ("united-kingdom", "open", ["2026-12-24", "2027-12-24", "2026-08-03"]),
    ("sweden", "closed", ["2026-06-19", "2026-12-24", "2026-12-31"]),
    ("sweden", "open", ["2026-04-02", "2026-10-30"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "state", "day"),
    [(name, state, day) for name, state, days in BANK_DAYS for day in days],
)
def test_open_means_that_banks_are_open(
    name: str, state: str, day: str
) -> None:
    """Table 1: a weekday counts when banks of that country are open on it, whatever its public holidays are."""
    when = date.fromisoformat(day)
    assert when.weekday() < calendar.SATURDAY
    shown = {
        entry.day: entry
        for entry in show(CALENDARS / f"{name}.yaml", when.year)
    }
    is_closed = when in shown and shown[when].hours == ()
    assert ("closed" if is_closed else "open") == state


@pytest.mark.parametrize("name", NAMES)
def test_the_head_says_rule_and_source(name: str) -> None:
    """Each snapshot says at its head which days count and where that is written; a refresh keeps both."""
    path = CALENDARS / f"{name}.yaml"
    recipe = recipe_of(path)
    assert recipe.rule
    assert recipe.sources
    text = path.read_text()
    assert text.index("rule:") < text.index("sources:") < text.index("name:")
    assert refresh(recipe).partition("name:")[0] == text.partition("name:")[0]


def test_a_rule_is_kept_and_applied(recipe: Recipe, tmp_path: Path) -> None:
    """Days by date, by month and day and from Easter come in or go out, in each year that has them."""
    ruled = replace(
        recipe,
        years=(2027, 2028),
        closed={
            OfEveryYear(2, 29): "Leap day",
            OfOneYear(date(2027, 3, 1)): "Once",
        },
        open=(FromEaster(-2), OfEveryYear(1, 6), OfOneYear(date(2028, 5, 1))),
        rule="It's so, because: of #1 - see below. " * 6,
        sources=('A "source": http://example.org/#1',),
    )
    path = written(ruled, tmp_path)
    days = {entry.day for year in (2027, 2028) for entry in show(path, year)}
    assert {date(2028, 2, 29), date(2027, 3, 1), date(2027, 5, 1)} <= days
    assert not days & {
        date(2027, 3, 26),
        date(2028, 4, 14),
        date(2027, 1, 6),
        date(2028, 5, 1),
    }
    kept = recipe_of(path)
    assert kept == replace(ruled, rule=" ".join((ruled.rule or "").split()))
    assert refresh(kept) == path.read_text()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12-24", OfEveryYear(12, 24)),
        ("02-29", OfEveryYear(2, 29)),
        ("easter+40", FromEaster(40)),
        ("easter-2", FromEaster(-2)),
        ("2024-03-29", OfOneYear(date(2024, 3, 29))),
    ],
)
def test_a_day_of_a_rule(text: str, day: Yearly) -> None:
    """A day of a rule is read as it is written."""
    assert (yearly(text), str(day)) == (day, text)


@pytest.mark.parametrize(
    "text", ["13-01", "02-30", "easter", "easter+x", "Friday", 1224, None]
)
def test_what_is_no_day_of_a_rule(text: object) -> None:
    """Anything else is refused."""
    with pytest.raises(WordError):
        yearly(text)


def test_early_closings_count_in_full() -> None:
    """D15: the shipped Swedish snapshot lists them by name, with the whole day's hours."""
    twelfth = next(
        entry for entry in show(SWEDEN, 2026) if entry.day == date(2026, 1, 5)
    )
    assert (twelfth.hours, twelfth.early_closing) == (("09:00-17:00",), True)
    assert twelfth.name.startswith("Twelfth Night")


def test_early_closings_have_hours_where_asked_for(
    recipe: Recipe, tmp_path: Path
) -> None:
    """D15: a snapshot may give them hours of their own, and a refresh keeps those."""
    path = written(replace(recipe, early_hours=(hours(9, 13),)), tmp_path)
    twelfth = next(
        entry for entry in show(path, 2026) if entry.day == date(2026, 1, 5)
    )
    assert twelfth.hours == ("09:00-13:00",)
    assert recipe_of(path).early_hours == (hours(9, 13),)


def test_a_refresh_keeps_what_was_put_in_by_hand(
    recipe: Recipe, tmp_path: Path
) -> None:
    """Hours of the week and days of one's own survive a refresh; only the generated days change."""
    path = written(recipe, tmp_path)
    own = "own_days:\n  2026-03-02: {name: 'Stock: taking', hours: [09:00-12:00, 22:00-02:00]}\n"
    path.write_text(
        path.read_text().replace(
            "Monday: [09:00-17:00]", "Monday: [08:00-12:00, 13:00-24:00]"
        )
        + own
    )
    again = recipe_of(path, years=(2026, 2027))
    path.write_text(refresh(again))
    kept = recipe_of(path)
    assert kept == again
    assert kept.week[0] == (hours(8, 12), hours(13, 24))
    assert kept.own_days[date(2026, 3, 2)].name == "Stock: taking"


def test_a_refresh_is_stable(recipe: Recipe, tmp_path: Path) -> None:
    """Refreshing what was just written changes nothing."""
    path = written(recipe, tmp_path)
    assert refresh(recipe_of(path)) == path.read_text()
    assert diff(path) == []


def test_a_difference_names_the_day(recipe: Recipe, tmp_path: Path) -> None:
    """What the library would add, drop or rename shows day by day."""
    path = written(recipe, tmp_path)
    text = (
        path.read_text()
        .replace('  2026-06-19: "Midsummer Eve"\n', "")
        .replace('"Epiphany"', '"Kings"')
    )
    path.write_text(
        text.replace("days:\n", 'days:\n  2026-02-02: "Ours"\n', 1)
    )
    assert diff(path) == [
        Difference(date(2026, 1, 6), "Kings", "Epiphany"),
        Difference(date(2026, 2, 2), "Ours", None),
        Difference(date(2026, 6, 19), None, "Midsummer Eve"),
    ]
    assert str(diff(path)[1]) == "2026-02-02 Mon: Ours -> not there"


def test_without_the_library_there_is_one_sentence(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library is an extra: who lacks it is told how to get it."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(
        SnapshotError, match=r"pip install 'jsm-sla-bot\[calendars\]'"
    ):
        refresh(recipe)


@pytest.mark.parametrize(
    "wrong",
    [{"country": "XX"}, {"subdivision": "ENG"}, {"categories": ("holy",)}],
    ids=["country", "subdivision", "category"],
)
def test_what_the_library_does_not_know(
    recipe: Recipe, wrong: dict[str, str]
) -> None:
    """A country, part or category that it lacks is one sentence that names the calendar."""
    with pytest.raises(SnapshotError, match="can't make 'se'"):
        refresh(replace(recipe, **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"years": (2027, 2026)}, "years: found '2027-2026'"),
        ({"zone": "Europe/Stokholm"}, "zone: found"),
    ],
    ids=["years", "zone"],
)
def test_what_could_not_be_read_again_is_not_written(
    recipe: Recipe, wrong: dict[str, object], told: str
) -> None:
    """A refresh never replaces a good snapshot by one that the daemon would refuse."""
    with pytest.raises(
        SnapshotError, match=f"'se' would be no calendar: {told}"
    ):
        refresh(replace(recipe, **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("name: x\nzone: UTC\nyears: 2026\nweek: {}\n", SnapshotError),
        ("name: x\n", ConfigurationProblems),
        ("name: [", ConfigurationProblems),
    ],
    ids=["by hand", "half", "no YAML"],
)
def test_a_file_without_recipe(
    tmp_path: Path, text: str, error: type[Exception]
) -> None:
    """A calendar written by hand can't be refreshed; a broken one is told as by loading."""
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(error):
        recipe_of(path)


def test_a_year_outside_is_told() -> None:
    """Only years of the snapshot can be shown."""
    with pytest.raises(SnapshotError, match="covers 2015-2030, not 2031"):
        show(SWEDEN, 2031)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """No such calendar is one sentence."""
    with pytest.raises(SnapshotError, match="can't read"):
        show(tmp_path / "nowhere.yaml", 2026)
