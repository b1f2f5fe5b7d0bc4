"""The people whom notes mention: by name where the site tells it, as plain text where a mention would reach nobody.

A note is never lost for a person: who can't be looked up is mentioned by account, and Jira shows the name itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from jsm_sla_bot.jsm.decode.roles import account_id, display_name
from jsm_sla_bot.jsm.errors import (
    IdentityError,
    NotSentError,
    StoppedError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import JsonObject
from jsm_sla_bot.plan.blocks import Block, Mention, Paragraph, Span

_log = structlog.get_logger(__name__)
_OF_THE_SITE = (IdentityError, NotSentError, StoppedError)
"""What goes wrong here goes wrong with the note, too."""


@dataclass(frozen=True, slots=True)
class People:
    """Looks up who is mentioned without a name. Safe to use from several threads."""

    rest: Rest

    def named(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Return the blocks with the people in them by name; asks only where a name is missing."""
        accounts = sorted(
            {
                span.account
                for block in blocks
                if isinstance(block, Paragraph)
                for span in block.spans
                if isinstance(span, Mention) and not span.name
            }
        )
        if not accounts:
            return tuple(blocks)
        known = self._known(accounts)
        if known is None:
            return tuple(blocks)
        return tuple(_named(block, known) for block in blocks)

    def _known(
        self, accounts: Sequence[str]
    ) -> Mapping[str, JsonObject] | None:
        """Return the accounts that the site has, by id; None where it does not tell."""
        try:
            found = list(self.rest.accounts(accounts))
        except _OF_THE_SITE:
            raise
        except (TransientError, TerminalError) as error:
            _log.warning(
                "jira_people_unseen", accounts=accounts, why=str(error)
            )
            return None
        return {account_id(each) or "": each for each in found}


def unmentioned(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with the people in them as plain text: nobody is notified."""
    return tuple(
        block.text if isinstance(block, Paragraph) else block
        for block in blocks
    )


def _named(block: Block, known: Mapping[str, JsonObject]) -> Block:
    if not isinstance(block, Paragraph):
        return block
    spans = tuple(_shown(span, known) for span in block.spans)
    return replace(block, spans=spans)


def _shown(span: Span, known: Mapping[str, JsonObject]) -> Span:
    """Return a mention by name; as text where the account is not there or nobody uses it any more."""
    if not isinstance(span, Mention) or span.name:
        return span
    person = known.get(span.account)
    if person is None:
        return f"account {span.account} (unknown)"
    name = display_name(person)
    if person.get("active") is False:
        return f"{name or span.account} (inactive)"
    return replace(span, name=name)
