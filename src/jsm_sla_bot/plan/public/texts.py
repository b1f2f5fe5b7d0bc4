"""The texts of public notes: paragraphs with named facts in braces, plain English without internal words (R14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from jsm_sla_bot.plan.public.kind import NoteKind


@dataclass(frozen=True, slots=True)
class Texts:
    """A template of paragraphs for each kind of public note."""

    templates: Mapping[NoteKind, tuple[str, ...]]

    def paragraphs(
        self, kind: NoteKind, facts: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return the paragraphs of a note with its facts in them. Raises KeyError for a fact that is missing.

        A paragraph that names a fact which is empty is left out: there is nothing to say of it.
        """
        said = [one for one in self.templates[kind] if _is_full(one, facts)]
        return tuple(template.format_map(facts) for template in said)


def _is_full(template: str, facts: Mapping[str, str]) -> bool:
    """Tell whether none of the facts that a template names is empty."""
    named = [name for _, name, _, _ in Formatter().parse(template) if name]
    return all(facts[name] for name in named)


_REGISTERED = (
    "Your request {key} is registered with severity {severity}. "
    "The first response is due {due} ({target})."
)
_CALL_US = (
    "Please call the support phone number shown in the portal: the first response is then due within {call_target} "
    "from your call. If you do not call, it is due {due} ({target})."
)
_ETA = "We expect to solve your request {key} by {eta}."
_CHANGED_ETA = "Until now we expected to solve it by {old_eta}."
_RESOLVED = (
    "Your request {key} is closed. If something is left to be done, write a comment here at any time and ask for it "
    "to be reopened."
)
SHIPPED = Texts(
    {
        NoteKind.REGISTERED: (_REGISTERED,),
        NoteKind.CALL_US: (_CALL_US,),
        NoteKind.ETA: (_ETA, _CHANGED_ETA),
        NoteKind.RESOLVED: (_RESOLVED,),
    }
)
"""The texts that hold unless the configuration has others."""
