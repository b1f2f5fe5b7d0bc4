"""The calls of an administrator. Each raises as `rest.Rest` does."""

from collections.abc import Iterator, Mapping, Sequence

from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.jsm.http.pages import by_start
from jsm_sla_bot.jsm.http.rest import PAGE
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.jsm.json_values import Json, JsonObject, mapping, rows, text
from jsm_sla_bot.jsm.survey.calls import with_query

_API = "rest/api/3"
_SCHEMES = f"{_API}/config/fieldschemes"


class AdminCalls:
    """Calls about fields, contexts, options, screens and schemes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def projects(self) -> Iterator[JsonObject]:
        """List all projects of the site."""
        return self._listed(f"{_API}/project/search", {})

    def make_field(
        self, name: str, kind: str, searcher: str, description: str
    ) -> JsonObject:
        """Make a custom field."""
        body = {
            "name": name,
            "type": kind,
            "searcherKey": searcher,
            "description": description,
        }
        return mapping(self._post(f"{_API}/field", body))

    def restore_field(self, field: str) -> None:
        """Take a field out of the trash."""
        self._post(f"{_API}/field/{field}/restore", {})

    def contexts(self, field: str) -> Iterator[JsonObject]:
        """List the contexts of a field."""
        return self._listed(f"{_API}/field/{field}/context", {})

    def context_projects(self, field: str) -> Iterator[JsonObject]:
        """List which context of a field holds in which project."""
        return self._listed(f"{_API}/field/{field}/context/projectmapping", {})

    def context_work_types(self, field: str) -> Iterator[JsonObject]:
        """List which context of a field holds for which work type."""
        return self._listed(
            f"{_API}/field/{field}/context/issuetypemapping", {}
        )

    def make_context(
        self, field: str, name: str, projects: Sequence[str]
    ) -> JsonObject:
        """Make a context of a field for some projects, by id, and all of their work types."""
        body = {"name": name, "projectIds": list(projects), "issueTypeIds": []}
        return mapping(self._post(f"{_API}/field/{field}/context", body))

    def add_work_types(
        self, field: str, context: str, work_types: Sequence[str]
    ) -> None:
        """Let a context hold for more work types, by id; one that holds for all of them would be narrowed."""
        body = {"issueTypeIds": list(work_types)}
        self._put(f"{_API}/field/{field}/context/{context}/issuetype", body)

    def options(self, field: str, context: str) -> Iterator[JsonObject]:
        """List the options of a context, in order."""
        return self._listed(
            f"{_API}/field/{field}/context/{context}/option", {}
        )

    def add_options(
        self, field: str, context: str, texts: Sequence[str]
    ) -> None:
        """Add options to a context, at its end: all or none of them."""
        body = {"options": [{"value": each} for each in texts]}
        self._post(f"{_API}/field/{field}/context/{context}/option", body)

    def order_options(
        self, field: str, context: str, options: Sequence[str]
    ) -> None:
        """Put these options, by id, first and in this order."""
        body = {"customFieldOptionIds": list(options), "position": "First"}
        self._put(f"{_API}/field/{field}/context/{context}/option/move", body)

    def screen_schemes_of(
        self, projects: Sequence[str]
    ) -> Iterator[JsonObject]:
        """List which issue type screen scheme serves which of these projects."""
        return self._of(f"{_API}/issuetypescreenscheme/project", projects)

    def screen_scheme_mappings(self, scheme: str) -> Iterator[JsonObject]:
        """List which screen scheme an issue type screen scheme gives to which work type."""
        name = f"{_API}/issuetypescreenscheme/mapping"
        return self._listed(name, {"issueTypeScreenSchemeId": scheme})

    def screen_schemes(self, schemes: Sequence[str]) -> Iterator[JsonObject]:
        """List screen schemes with their screens."""
        return self._listed(f"{_API}/screenscheme", {"id": list(schemes)})

    def screens(self, screens: Sequence[str]) -> Iterator[JsonObject]:
        """List screens by id, with their names."""
        return self._listed(f"{_API}/screens", {"id": list(screens)})

    def tabs(self, screen: str) -> Sequence[JsonObject]:
        """List the tabs of a screen, in order."""
        return rows(self._get(f"{_API}/screens/{screen}/tabs", {}))

    def tab_fields(self, screen: str, tab: str) -> Sequence[JsonObject]:
        """List the fields of a tab."""
        return rows(
            self._get(f"{_API}/screens/{screen}/tabs/{tab}/fields", {})
        )

    def put_on_tab(self, screen: str, tab: str, field: str) -> None:
        """Put a field on a tab. Raises RefusedError where it is there already."""
        body = {"fieldId": field}
        self._post(f"{_API}/screens/{screen}/tabs/{tab}/fields", body)

    def field_schemes_of(
        self, projects: Sequence[str]
    ) -> Sequence[JsonObject]:
        """List which field scheme serves which of these projects. Raises NotFoundError where the site has none yet."""
        return list(self._of(f"{_SCHEMES}/projects", projects))

    def field_configuration_schemes_of(
        self, projects: Sequence[str]
    ) -> Sequence[JsonObject]:
        """List which of these projects share a field configuration scheme. Raises NotFoundError where Jira has none."""
        return list(
            self._of(f"{_API}/fieldconfigurationscheme/project", projects)
        )

    def fields_of_scheme(
        self, scheme: str, fields: Sequence[str]
    ) -> Iterator[JsonObject]:
        """List those of these fields that a field scheme has."""
        return self._listed(
            f"{_SCHEMES}/{scheme}/fields", {"fieldId": list(fields)}
        )

    def add_to_scheme(
        self, scheme: str, field: str, work_types: Sequence[str] = ()
    ) -> None:
        """Give a field scheme a field, for these work types only where any is given: they replace those that it had.

        Raises TerminalError with the reason where the site did only a part of it.
        """
        wanted: dict[str, object] = {"schemeIds": [int(scheme)]}
        if work_types:
            wanted["restrictedToWorkTypes"] = [
                int(each) for each in work_types
            ]
        body = {field: [wanted]}
        answer = mapping(self._put(f"{_SCHEMES}/fields", body))
        for item in rows(answer.get("results")):
            if item.get("success") is False or text(item.get("error")):
                why = text(item.get("error")) or "it does not say why"
                raise TerminalError(
                    f"field scheme {scheme} does not take {field}: {why}"
                )

    def associate(self, field: str, projects: Sequence[str]) -> None:
        """Give projects a field, on a site with field configurations."""
        body = {
            "associationContexts": [
                {"type": "PROJECT_ID", "identifier": int(each)}
                for each in projects
            ],
            "fields": [{"type": "FIELD_ID", "identifier": field}],
        }
        self._put(f"{_API}/field/association", body)

    def _of(self, path: str, projects: Sequence[str]) -> Iterator[JsonObject]:
        """List something of these projects, by id: so many at once that the address does not become too long."""
        for start in range(0, len(projects), PAGE):
            chunk = list(projects[start : start + PAGE])
            yield from self._listed(path, {"projectId": chunk})

    def _listed(
        self, path: str, params: Mapping[str, object]
    ) -> Iterator[JsonObject]:
        return by_start(
            lambda start: self._get(
                path, {**params, "startAt": start, "maxResults": PAGE}
            )
        )

    def _get(self, path: str, params: Mapping[str, object]) -> Json:
        asked = with_query(path, params)
        return self._transport.ask(self._transport.platform.get, asked)

    def _post(self, path: str, body: Mapping[str, object]) -> Json:
        return self._transport.ask(
            self._transport.platform.post, path, data=dict(body)
        )

    def _put(self, path: str, body: Mapping[str, object]) -> Json:
        return self._transport.ask(
            self._transport.platform.put, path, data=dict(body)
        )
