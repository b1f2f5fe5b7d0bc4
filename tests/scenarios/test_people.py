"""Who speaks for a customer and who cares for one, on the desk itself (R14, D31, D32)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.scenarios.world import World

MIA = "Mia Lindqvist"
ACME = "  - id: 12\n"


def listed(desk: World, **lines: str) -> None:
    """Give Acme's entry of organizations.yaml more lines."""
    path = desk.config / "organizations.yaml"
    text = path.read_text("utf-8")
    assert ACME in text
    more = "".join(f"    {name}: {value}\n" for name, value in lines.items())
    path.write_text(text.replace(ACME, f"{ACME}{more}"), "utf-8")


def flagged(desk: World) -> None:
    """Let the policy ask who reported a request."""
    path = desk.config / "policy.yaml"
    path.write_text(
        f"{path.read_text('utf-8')}\nflag_other_reporters: true\n", "utf-8"
    )


def test_a_request_by_somebody_else_is_flagged_once(desk: World) -> None:
    """One internal note that names the person, however often it is looked at."""
    listed(desk, representatives='["qm:somebody-else"]')
    flagged(desk)
    key = desk.tracker.raise_request(organization=12, severity=3)
    desk.sweep()
    desk.wait(hours=1)
    desk.tracker.comment(key, "Please restart it.", as_=MIA)
    desk.sweep()
    desk.sweep()
    (note,) = desk.notes(key)
    assert "representative of Acme Industries (organization 12)" in note
    assert desk.public_notes() == []


def test_a_request_by_a_representative_is_not(desk: World) -> None:
    """Nothing is said."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    account = desk.tracker.issue(key).fields["reporter"]["accountId"]
    listed(desk, representatives=f'["{account}"]')
    flagged(desk)
    desk.sweep()
    assert desk.notes(key) == []


def test_an_escalation_mentions_the_csm(desk: World) -> None:
    """Jira notifies the account that is named, and nobody where none is."""
    account = desk.tracker.account(MIA).account_id
    listed(desk, csm=f'"{account}"')
    key = desk.tracker.raise_request(organization=12, severity=1)
    other = desk.tracker.raise_request(organization=13, severity=1)
    desk.sweep()
    due = max(desk.shows(each, "Response due") for each in (key, other))
    desk.hands.instant = due + timedelta(minutes=1)
    desk.sweep()
    assert mentioned(desk, key) == [account]
    assert mentioned(desk, other) == []
    assert desk.public_notes() == []


def breached(desk: World, account: str) -> str:
    """Let a request of an organization with that CSM breach, and look at it."""
    listed(desk, csm=f'"{account}"')
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    desk.hands.instant = desk.shows(key, "Response due") + timedelta(minutes=1)
    desk.sweep()
    return key


def test_the_csm_is_named_as_people_know_the_person(desk: World) -> None:
    """The display name is the text of the mention; it is asked for with the note, and only then."""
    account = desk.tracker.account(MIA).account_id
    key = breached(desk, account)
    (note,) = desk.notes(key)
    assert f"@{MIA}, the customer's Customer Success Manager." in note
    asked = [one for one in desk.calls() if "user/bulk" in one["path"]]
    assert len(asked) == 1
    desk.forget_calls()
    desk.sweep()
    assert not [one for one in desk.calls() if "user/bulk" in one["path"]]


def test_an_account_that_is_not_there_breaks_no_note(desk: World) -> None:
    """The note is written, and says which account it meant."""
    key = breached(desk, "712020:nobody")
    (note,) = desk.notes(key)
    assert "account 712020:nobody (unknown)" in note
    assert mentioned(desk, key) == []
    assert desk.shows(key, "Response SLA") == "Breached"


def test_a_person_who_left_is_named_and_not_called(desk: World) -> None:
    """Jira would notify nobody."""
    account = desk.tracker.account(MIA).account_id
    people = desk.tracker.site.accounts
    people[account] = replace(people[account], active=False)
    key = breached(desk, account)
    (note,) = desk.notes(key)
    assert f"{MIA} (inactive)" in note
    assert mentioned(desk, key) == []


@pytest.mark.parametrize("kind", ["403", "404", "503", "html"])
def test_whoever_may_not_ask_for_people_mentions_them_all_the_same(
    desk: World, kind: str
) -> None:
    """Jira shows the name of an account by itself: the note waits for no look-up."""
    desk.goes_wrong("GET .*/user/bulk", kind, times=0)
    account = desk.tracker.account(MIA).account_id
    key = breached(desk, account)
    (note,) = desk.notes(key)
    assert f"@{account}" in note
    assert mentioned(desk, key) == [account]


def test_a_mention_that_the_site_refuses_becomes_text(desk: World) -> None:
    """The same note without it is written at once."""
    account = desk.tracker.account(MIA).account_id
    desk.goes_wrong("POST .*/comment$", "400", times=1)
    key = breached(desk, account)
    (note,) = desk.notes(key)
    assert f"@{MIA}" in note
    assert mentioned(desk, key) == []


def mentioned(desk: World, key: str) -> list[str]:
    """Return the accounts that the comments of a request mention."""
    issue = desk.tracker.issue(key)
    found: list[str] = []

    def look(node: object) -> None:
        match node:
            case {"type": "mention", "attrs": {"id": str(account)}}:
                found.append(account)
            case {"content": list(nodes)}:
                for one in nodes:
                    look(one)
            case _:
                pass

    for comment in issue.comments:
        look(comment.body)
    return found
