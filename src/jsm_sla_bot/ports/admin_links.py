"""Where a person sets up in Jira what no API can: deep links into its administration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AdminLinks:
    """Links of one site. `base` is its own address, without a slash at the end."""

    base: str

    def custom_fields(self) -> str:
        """Return the list of custom fields."""
        return f"{self.base}/secure/admin/ViewCustomFields.jspa"

    def field_options(self, field_id: str) -> str:
        """Return the contexts and options of a field."""
        number = field_id.removeprefix("customfield_")
        return f"{self.base}/secure/admin/ConfigureCustomField!default.jspa?customFieldId={number}"

    def field_screens(self, field_id: str) -> str:
        """Return the screens of a field."""
        number = field_id.removeprefix("customfield_")
        return f"{self.base}/secure/admin/AssociateFieldToScreens!default.jspa?fieldId=customfield_{number}"

    def trash(self) -> str:
        """Return the trash of custom fields."""
        return f"{self.base}/secure/admin/TrashedCustomFields.jspa"

    def project(self, key: str) -> str:
        """Return the settings of a project."""
        return f"{self.base}/jira/servicedesk/projects/{key}/settings"

    def people(self, key: str) -> str:
        """Return who holds which role in a project."""
        return f"{self.base}/jira/servicedesk/projects/{key}/settings/access"

    def permissions(self, key: str) -> str:
        """Return the permissions of a project."""
        return (
            f"{self.base}/jira/servicedesk/projects/{key}/settings/permissions"
        )

    def request_types(self, key: str) -> str:
        """Return the request types of a project, with their portal forms."""
        return f"{self.base}/jira/servicedesk/projects/{key}/settings/request-types"

    def fields_of(self, key: str) -> str:
        """Return the fields of a project."""
        return f"{self.base}/jira/servicedesk/projects/{key}/settings/fields"

    def workflows(self, key: str) -> str:
        """Return the workflows of a project."""
        return (
            f"{self.base}/jira/servicedesk/projects/{key}/settings/workflows"
        )

    def clocks(self, key: str) -> str:
        """Return the clocks of Jira's own of a project, with what stops each."""
        return f"{self.base}/jira/servicedesk/projects/{key}/settings/sla"

    def organizations(self) -> str:
        """Return the customers' organizations of the site."""
        return f"{self.base}/jira/servicedesk/organizations"

    def users(self) -> str:
        """Return the accounts and products of the site."""
        return "https://admin.atlassian.com"

    def tokens(self) -> str:
        """Return the API tokens of the account that is signed in."""
        return "https://id.atlassian.com/manage-profile/security/api-tokens"
