"""Who speaks for a customer and who cares for one, on the desk itself (R14, D31, D32)."""

from datetime import timedelta

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
