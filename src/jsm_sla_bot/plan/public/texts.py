"""The texts of public notes: paragraphs with named facts in braces, plain English without internal words (R14)."""

from collections.abc import Mapping
from dataclasses import dataclass

from jsm_sla_bot.plan.public.kind import NoteKind


@dataclass(frozen=True, slots=True)
class Texts:
    """A template of paragraphs for each kind of public note."""

    templates: Mapping[NoteKind, tuple[str, ...]]

    def paragraphs(
        self, kind: NoteKind, facts: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return the paragraphs of a note with its facts in them. Raises KeyError for a fact that is missing."""
        templates = self.templates[kind]
        return tuple(template.format_map(facts) for template in templates)


_REGISTERED = (
    "Your request {key} is registered with severity {severity}. "
    "The first response is due {due} ({target})."
)
_CALL_US = (
    "Please call the support phone number shown in the portal: the first response is then due within {call_target} "
    "from your call. If you do not call, it is due {due} ({target})."
)
_RESOLVED = (
    "Your request {key} is closed. If something is left to be done, write a comment here at any time and ask for it "
    "to be reopened."
)
SHIPPED = Texts(
    {
        NoteKind.REGISTERED: (_REGISTERED,),
        NoteKind.CALL_US: (_CALL_US,),
        NoteKind.RESOLVED: (_RESOLVED,),
    }
)
"""The texts that hold unless the configuration has others."""
