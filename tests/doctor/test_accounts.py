"""The doctor's check of the accounts that the YAML names: unknown, inactive, or not what they are named for."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from jsm_sla_bot.doctor.accounts import people
from jsm_sla_bot.doctor.verdict import Grade, NotReadError, Verdict
from jsm_sla_bot.ports.accounts import (
    AccountKind,
    Listed,
    ListedAs,
    PersonFacts,
)
from jsm_sla_bot.ports.survey import Unread
from tests.doctor.scene import examination

PLACE = "config/organizations.yaml:12:10"
MIA = PersonFacts("712020:mia", "Mia Lindqvist", AccountKind.PERSON)
CUSTOMER = PersonFacts("qm:erik", "Erik Holm", AccountKind.CUSTOMER)
APP = PersonFacts("557058:app", "Helper", AccountKind.APP)
GONE = replace(MIA, is_active=False)


def verdict(
    listed: list[Listed], known: Mapping[str, PersonFacts | None] | Unread
) -> Verdict:
    """Judge these accounts."""
    asked = examination(people=known)
    desk = replace(asked.desk, people=tuple(listed))
    return people(replace(asked, desk=desk))


def judged(listed_as: ListedAs, person: PersonFacts | None) -> Verdict:
    """Judge one account that is named for that."""
    identity = person.id if person else "nobody"
    whose = listed_as in {ListedAs.CSM, ListedAs.REPRESENTATIVE}
    name = "Nordbank AB" if whose else ""
    listed = Listed(identity, listed_as, PLACE, name)
    return verdict([listed], {identity: person})


@pytest.mark.parametrize(
    ("listed_as", "person", "grade", "says"),
    [
        (ListedAs.AGENT, MIA, Grade.OK, ""),
        (ListedAs.AGENT, None, Grade.PROBLEM, "no account 'nobody'"),
        (ListedAs.AGENT, GONE, Grade.WARNING, "is inactive"),
        (ListedAs.AGENT, CUSTOMER, Grade.PROBLEM, "a customer's account"),
        (ListedAs.AGENT, APP, Grade.WARNING, "is an app"),
        (ListedAs.FORMER_AGENT, MIA, Grade.OK, ""),
        (ListedAs.FORMER_AGENT, GONE, Grade.OK, ""),
        (ListedAs.FORMER_AGENT, None, Grade.PROBLEM, "no account"),
        (ListedAs.FORMER_AGENT, CUSTOMER, Grade.PROBLEM, "acknowledges"),
        (ListedAs.AUTOMATION, APP, Grade.OK, ""),
        (ListedAs.AUTOMATION, MIA, Grade.OK, ""),
        (ListedAs.AUTOMATION, GONE, Grade.OK, ""),
        (ListedAs.AUTOMATION, None, Grade.PROBLEM, "no account"),
        (ListedAs.AUTOMATION, CUSTOMER, Grade.WARNING, "counts for nobody"),
        (ListedAs.CSM, MIA, Grade.OK, ""),
        (ListedAs.CSM, None, Grade.PROBLEM, "nobody is notified"),
        (ListedAs.CSM, GONE, Grade.WARNING, "is inactive"),
        (ListedAs.CSM, CUSTOMER, Grade.PROBLEM, "would mention a customer"),
        (ListedAs.CSM, APP, Grade.WARNING, "not a person"),
        (ListedAs.REPRESENTATIVE, CUSTOMER, Grade.OK, ""),
        (ListedAs.REPRESENTATIVE, MIA, Grade.OK, ""),
        (ListedAs.REPRESENTATIVE, None, Grade.PROBLEM, "can be flagged"),
        (ListedAs.REPRESENTATIVE, GONE, Grade.WARNING, "is inactive"),
        (ListedAs.REPRESENTATIVE, APP, Grade.WARNING, "not a person"),
    ],
)
def test_an_account_is_what_it_is_named_for(
    listed_as: ListedAs, person: PersonFacts | None, grade: Grade, says: str
) -> None:
    """Each finding is a sentence with the place, what is wrong there, and a remedy."""
    found = judged(listed_as, person)
    assert found.grade is grade
    if grade is Grade.OK:
        return
    [detail] = found.details
    assert detail.what.startswith(f"{PLACE}: {listed_as}")
    assert says in detail.what
    assert detail.remedy


def test_it_says_whose_people_they_are() -> None:
    """The organization stands next to the place."""
    found = judged(ListedAs.CSM, None)
    assert f"{PLACE}: csm of Nordbank AB: " in found.line


def test_one_that_jira_says_nothing_of_is_no_finding() -> None:
    """An account type that nobody knows yet is not taken for another."""
    unknown = replace(MIA, kind=None)
    assert judged(ListedAs.AGENT, unknown).grade is Grade.OK


def test_no_accounts_no_question() -> None:
    """As shipped nobody is named, and nothing need be read."""
    found = verdict([], Unread("not asked"))
    assert (found.grade, found.line) == (
        Grade.OK,
        "the YAML names no accounts",
    )


def test_what_can_not_be_read_is_no_finding() -> None:
    """A site that does not answer says nothing of anybody."""
    listed = Listed(MIA.id, ListedAs.CSM, PLACE)
    with pytest.raises(NotReadError, match="no answer"):
        verdict([listed], Unread("no answer"))


def test_what_was_not_looked_at_is_counted() -> None:
    """Of very long lists the first are looked at, and the line says so."""
    listed = [
        Listed(str(number), ListedAs.REPRESENTATIVE, PLACE)
        for number in range(3)
    ]
    found = verdict(listed, {"0": MIA, "1": MIA})
    assert (
        found.line
        == "accounts that the YAML names, all on the site: 2; not looked at: 1"
    )
