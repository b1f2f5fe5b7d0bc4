"""Takes the steps of provisioning, each safe to repeat: what is there already is left as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jsm_sla_bot.jsm.errors import RefusedError, TerminalError
from jsm_sla_bot.jsm.json_values import text
from jsm_sla_bot.jsm.provision.calls import AdminCalls
from jsm_sla_bot.jsm.provision.contexts import read_contexts
from jsm_sla_bot.jsm.provision.reading import SetupReader
from jsm_sla_bot.ports.provision import (
    AddOptions,
    Associate,
    Context,
    MakeContext,
    MakeField,
    Model,
    OrderOptions,
    PutOnScreen,
    RestoreField,
    Setup,
    Step,
    WidenContext,
)


@dataclass(slots=True)
class Hands:
    """An administrator's hands on one site."""

    reader: SetupReader
    admin: AdminCalls
    _model: Model = Model.FIELD_CONFIGURATIONS

    def read(self, wanted: Iterable[str]) -> Setup:
        """Read the set-up. Raises TransientError, TerminalError."""
        found = self.reader.read(wanted)
        self._model = found.model
        return found

    def take(self, step: Step, ids: Mapping[str, str]) -> str | None:
        """Take one step and return the id of a field that it made. Raises TransientError, TerminalError."""
        match step:
            case MakeField():
                return self._make(step)
            case RestoreField(field_id=field_id):
                self.admin.restore_field(field_id)
            case AddOptions(key=key, texts=texts, context=context):
                self._add(ids[key], texts, context)
            case OrderOptions(key=key, texts=texts, context=context):
                self._order(ids[key], context, texts)
            case MakeContext(key=key):
                self._make_context(ids[key], step)
            case WidenContext(key=key):
                self._widen(ids[key], step)
            case PutOnScreen(key=key, screen=screen):
                self._put(screen.id, screen.tab_id, ids[key])
            case Associate(key=key):
                self._associate(step, ids[key])
        return None

    def _make(self, step: MakeField) -> str:
        made = self.admin.make_field(
            step.name, step.type, step.searcher, step.description
        )
        identity = text(made.get("id"))
        if identity is None:
            raise TerminalError(
                f"Jira does not say which field it made for {step.name!r}: run provision again"
            )
        return identity

    def _add(
        self, field: str, texts: Sequence[str], context: str | None
    ) -> None:
        """Add what is lacking in the context, or in every context of a field that was made just now."""
        for each in read_contexts(self.admin, field):
            if context in {None, each.id}:
                known = {option.text.casefold() for option in each.options}
                lacking = [
                    word for word in texts if word.casefold() not in known
                ]
                if lacking:
                    self.admin.add_options(field, each.id, lacking)

    def _order(self, field: str, context: str, texts: Sequence[str]) -> None:
        found = [
            each
            for each in read_contexts(self.admin, field)
            if each.id == context
        ]
        for each in found:
            self.admin.order_options(field, context, _ids(each, texts))

    def _make_context(self, field: str, step: MakeContext) -> None:
        keys = ", ".join(each.key for each in step.projects)
        made = self.admin.make_context(
            field,
            f"jsm-sla-bot: {keys}",
            [each.id for each in step.projects],
        )
        identity = text(made.get("id"))
        if step.texts and identity:
            self.admin.add_options(field, identity, step.texts)

    def _widen(self, field: str, step: WidenContext) -> None:
        """Add what is lacking by now; a context that holds for all work types by now would be narrowed."""
        for each in read_contexts(self.admin, field, has_options=False):
            if each.id == step.context and each.work_types:
                lacking = [
                    one.id
                    for one in step.work_types
                    if one.id not in each.work_types
                ]
                if lacking:
                    self.admin.add_work_types(field, each.id, lacking)

    def _put(self, screen: str, tab: str, field: str) -> None:
        """Put a field on a screen; Jira refuses one that is there already, and that is as good."""
        try:
            self.admin.put_on_tab(screen, tab, field)
        except RefusedError:
            shown = {
                str(row.get("id"))
                for row in self.admin.tab_fields(screen, tab)
            }
            if field not in shown:
                raise

    def _associate(self, step: Associate, field: str) -> None:
        scheme = step.scheme.id
        if self._model is Model.FIELD_SCHEMES:
            self.admin.add_to_scheme(scheme, field, step.work_types)
        else:
            self.admin.associate(field, [scheme])


def _ids(context: Context, texts: Sequence[str]) -> Sequence[str]:
    """Return the ids of the options in the order of their texts."""
    by_text = {each.text: each.id for each in context.options}
    return [by_text[each] for each in texts if each in by_text]
