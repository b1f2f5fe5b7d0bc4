"""What agents read on a dormant request: what the bot could not do, and what is left to them (D24, D26, D27)."""

from jsm_sla_bot.plan.blocks import Block, Mention, Paragraph


def unanswered(
    at: str, status: str, assignee: Mention | None
) -> tuple[Block, ...]:
    """Return that the customer has acted and the request still waits for them by its status."""
    said = (
        f"Answer the customer, or change the status: the customer acted last, {at}, and the request is still in "
        f"{status}. Until then it is neither reminded of nor closed."
    )
    return (Paragraph((assignee, f" {said}")),) if assignee else (said,)


def not_closed(close_to: str | None) -> tuple[Block, ...]:
    """Return that a dormant request can't be closed."""
    why = (
        f"its workflow does not let the bot bring it to {close_to}"
        if close_to
        else "jira.yaml names no status to close it to (dormancy.close_to)"
    )
    said = (
        f"Close the request, or set the label that keeps it open: the customer has not answered the reminders, and "
        f"{why}."
    )
    return (said,)


def not_reopened(
    at: str, reopen_to: str | None, *, is_late: bool
) -> tuple[Block, ...]:
    """Return that the customer wrote on a request which was closed as dormant, and that it is not reopened."""
    why = (
        f"its workflow does not let the bot bring it to {reopen_to}"
        if reopen_to
        else "jira.yaml names no status to reopen it to (dormancy.reopen_to)"
    )
    if is_late:
        why = "the time in which a comment reopens it by itself had passed"
    said = (
        f"Reopen the request or answer the customer: it was closed as dormant, and the customer commented "
        f"{at}. It stays closed, since {why}."
    )
    return (said,)
