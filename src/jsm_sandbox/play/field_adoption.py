"""Which of a file's custom fields are the standard ones, and what the rest are to be called."""

from __future__ import annotations

from dataclasses import replace

from jsm_sandbox.state.custom_fields import Field, Option, Shape
from jsm_sandbox.state.json_types import Json, JsonObject, as_object
from jsm_sandbox.state.setup import Site

CUSTOM = "customfield_"
TELLING = (Shape.ORGANIZATIONS, Shape.REQUEST_TYPE, Shape.PEOPLE)
"""Fields that a site has once: their type tells what they are, whatever a translation calls them."""


class FieldAdoption:
    """Brings the fields of a file and those of the site together."""

    def __init__(self, site: Site) -> None:
        """Work on this site."""
        self.site = site

    def adopt(self, documents: list[JsonObject]) -> None:
        """Go through what the documents say of fields, in ``names``, ``schema`` and ``fields``."""
        names: dict[str, str] = {}
        schemas: dict[str, JsonObject] = {}
        values: dict[str, list[Json]] = {}
        for each in documents:
            names |= {
                str(k): v
                for k, v in as_object(each.get("names")).items()
                if isinstance(v, str)
            }
            schemas |= {
                str(k): v
                for k, v in as_object(each.get("schema")).items()
                if isinstance(v, dict)
            }
            for name, value in as_object(each.get("fields")).items():
                values.setdefault(name, []).append(value)
        known = [
            each
            for each in {
                **names,
                **schemas,
                **values,
            }
            if each.startswith(CUSTOM)
        ]
        matched = self._match(known, names, schemas)
        self._make_room(set(known))
        for number, standard in matched.items():
            self._take_over(number, standard, values.get(number, []))
        for number in known:
            if number not in matched:
                self._add(
                    number, names.get(number, number), schemas.get(number)
                )

    def _match(
        self,
        known: list[str],
        names: dict[str, str],
        schemas: dict[str, JsonObject],
    ) -> dict[str, str]:
        """Pair the file's ids with names of standard fields; the first of two with one name has it."""
        matched: dict[str, str] = {}
        for number in known:
            found = self._standard(
                names.get(number, ""),
                as_object(schemas.get(number)).get("custom"),
            )
            if found is not None and found.name not in matched.values():
                matched[number] = found.name
        return matched

    def _standard(self, name: str, custom_type: Json) -> Field | None:
        for each in self.site.fields:
            telling = (
                each.shape in TELLING
                and each.schema.get("custom") == custom_type
            )
            if each.custom and (
                telling or each.name.casefold() == name.casefold()
            ):
                return each
        return None

    def _make_room(self, taken: set[str]) -> None:
        """Move the standard fields off ids that the file uses for something else."""
        numbers = [
            int(each.removeprefix(CUSTOM))
            for each in taken
            if each.removeprefix(CUSTOM).isdecimal()
        ]
        free = (
            max(
                [
                    *numbers,
                    *(int(f.number) for f in self.site.fields if f.custom),
                ],
                default=10000,
            )
            + 1
        )
        for field in list(self.site.fields):
            if field.id in taken:
                self._renumber(field, f"{CUSTOM}{free}")
                free += 1

    def _renumber(self, field: Field, number: str) -> None:
        tail = number.removeprefix(CUSTOM)
        schema = (
            {**field.schema, "customId": int(tail)}
            if tail.isdecimal()
            else field.schema
        )
        self.site.replace_field(field, id=number, schema=schema)

    def _take_over(self, number: str, name: str, values: list[Json]) -> None:
        field = next(
            each
            for each in self.site.fields
            if each.custom and each.name == name
        )
        if field.id != number:
            self._renumber(field, number)
        renumbered = next(
            each for each in self.site.fields if each.id == number
        )
        if renumbered.shape is Shape.SELECT:
            self.site.replace_field(
                renumbered, options=_with_options(renumbered.options, values)
            )

    def _add(self, number: str, name: str, schema: JsonObject | None) -> None:
        said = (
            schema
            if schema and isinstance(schema.get("type"), str)
            else {"type": "any"}
        )
        self.site.fields.append(Field(number, name, Shape.LOOSE, said))


def _with_options(
    options: tuple[Option, ...], values: list[Json]
) -> tuple[Option, ...]:
    """Add the options that occur in the file; where the label is known, the file's id wins."""
    known = {each.value: each for each in options}
    for each in values:
        label = as_object(each).get("value")
        number = as_object(each).get("id")
        if isinstance(label, str):
            base = known.get(label, Option("", label))
            known[label] = replace(
                base,
                id=str(number) if number is not None else base.id or label,
            )
    return tuple(known.values())
