"""Reads the screens on which the requests of projects are made, seen and edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jsm_sla_bot.jsm.json_values import mapping, text
from jsm_sla_bot.jsm.provision.calls import AdminCalls
from jsm_sla_bot.ports.provision import (
    Screen,
)
from jsm_sla_bot.ports.survey import ProjectFacts


@dataclass(frozen=True, slots=True)
class ScreenReader:
    """Reads screens, each with all the projects that it serves."""

    admin: AdminCalls

    def read(
        self, served: Sequence[ProjectFacts], keys: Mapping[str, str]
    ) -> Sequence[Screen]:
        """Read every screen on which the requests of these projects are made, seen or edited."""
        by_scheme = self._projects_by_scheme(keys)
        ours = {each.key for each in served}
        serving: dict[str, set[str]] = {}
        making: set[str] = set()
        working: set[str] = set()
        for scheme, projects in by_scheme.items():
            for screens in self._screens_of_scheme(scheme):
                for screen in screens.values():
                    serving.setdefault(screen, set()).update(projects)
                if ours & projects:
                    fallback = screens.get("default", "")
                    making.add(screens.get("create", fallback))
                    working.add(screens.get("edit", fallback))
                    working.add(screens.get("view", fallback))
        wanted = sorted((making | working) - {""}, key=int)
        names = {
            str(row.get("id")): text(row.get("name"))
            for row in (self.admin.screens(wanted) if wanted else ())
        }
        return [
            self._screen(
                each,
                names.get(each) or each,
                sorted(serving.get(each, set())),
                is_for_work=each in working,
                takes_new_requests=each in making,
            )
            for each in wanted
        ]

    def _projects_by_scheme(
        self, keys: Mapping[str, str]
    ) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in self.admin.screen_schemes_of(list(keys)):
            scheme = text(mapping(row.get("issueTypeScreenScheme")).get("id"))
            if scheme:
                projects = [str(each) for each in row.get("projectIds") or ()]
                named = {keys[each] for each in projects if each in keys}
                found.setdefault(scheme, set()).update(named)
        return found

    def _screens_of_scheme(self, scheme: str) -> Sequence[Mapping[str, str]]:
        """Return, for each screen scheme, its screens by what is done on them."""
        schemes = [
            found
            for row in self.admin.screen_scheme_mappings(scheme)
            if (found := text(row.get("screenSchemeId")))
        ]
        if not schemes:
            return ()
        return [
            {
                name: identity
                for name, each in mapping(row.get("screens")).items()
                if (identity := text(each))
            }
            for row in self.admin.screen_schemes(list(dict.fromkeys(schemes)))
        ]

    def _screen(
        self,
        identity: str,
        name: str,
        projects: Sequence[str],
        *,
        is_for_work: bool,
        takes_new_requests: bool,
    ) -> Screen:
        tabs = [str(tab.get("id")) for tab in self.admin.tabs(identity)]
        fields = {
            str(row.get("id"))
            for tab in tabs
            for row in self.admin.tab_fields(identity, tab)
        }
        return Screen(
            id=identity,
            name=name,
            tab_id=tabs[0] if tabs else "",
            fields=frozenset(fields),
            projects=projects,
            takes_new_requests=takes_new_requests,
            is_for_work=is_for_work,
        )
