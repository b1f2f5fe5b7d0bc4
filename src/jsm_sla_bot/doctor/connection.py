"""Checks of the connection: which site answers, as whom, for how long yet."""

from datetime import date, timedelta

from jsm_sla_bot.doctor.examination import Examination, needed
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged
from jsm_sla_bot.ports.survey import (
    AccountFacts,
    Credential,
    SiteFacts,
    Unread,
    is_gateway,
)

WARN_BEFORE = timedelta(days=30)
"""So long before its token ends ops are warned."""
TOLERATED_SKEW = timedelta(seconds=60)
_CLOUD = "Cloud"


def site(examination: Examination) -> Verdict:
    """Prove that a Jira Cloud site answers."""
    facts = needed(examination.survey.site)
    way = "through the gateway" if facts.is_gateway else "directly"
    well = f"{facts.base_url or facts.address}: Jira {facts.deployment}, asked {way}"
    return judged(
        well, [] if facts.deployment == _CLOUD else [_not_cloud(facts)]
    )


def _not_cloud(facts: SiteFacts) -> Detail:
    what = (
        f"this is Jira {facts.deployment}, and the bot works with Jira Cloud"
    )
    return Detail(what, "set JSM_SLA_BOT_URL to the Cloud site")


def account(examination: Examination) -> Verdict:
    """Prove that Jira knows who we are, and that the account can work."""
    facts = examination.survey.account
    if isinstance(facts, Unread):
        return judged("", [_not_taken(facts, examination)])
    zone = f", time zone {facts.zone}" if facts.zone else ""
    well = f"signed in as {facts.name} ({facts.kind} account {facts.id}){zone}"
    return judged(well, [*_account_problems(facts, examination)])


def _not_taken(found: Unread, examination: Examination) -> Detail:
    what = f"Jira does not say who we are: {found.why}"
    tokens = examination.links.tokens()
    remedy = f"correct the address of the account or its token: {tokens}"
    address = examination.survey.address
    if address and not is_gateway(address):
        remedy += (
            "; a token with scopes, or a service account's, is good at the gateway only: set JSM_SLA_BOT_URL to "
            f"https://api.atlassian.com/ex/jira/ and the cloud id, which {address}/_edge/tenant_info tells"
        )
    return Detail(what, remedy)


def _account_problems(
    facts: AccountFacts, examination: Examination
) -> list[Detail]:
    tokens = examination.links.tokens()
    if facts.id is None:
        what = "Jira answers, but takes us for nobody: the token is wrong, or it has expired"
        return [Detail(what, f"make a new token at {tokens}")]
    if not facts.is_active:
        what = f"the account {facts.name} is not active"
        return [Detail(what, f"reactivate it at {examination.links.users()}")]
    if facts.kind == "customer":
        what = f"{facts.name} is a customer's account: it sees the portal only"
        remedy = (
            f"give the bot an agent's account at {examination.links.users()}"
        )
        return [Detail(what, remedy)]
    return []


def token(examination: Examination) -> Verdict:
    """Prove that the credential lasts for a while."""
    facts = needed(examination.survey.account)
    if facts.credential is Credential.CLIENT:
        return judged(f"{facts.credential}: renewed by the bot itself")
    if facts.expires is None:
        return judged(
            f"{facts.credential}; when it ends is not known: an API token lives a year at most, set "
            "JSM_SLA_BOT_TOKEN_EXPIRES to be warned in time"
        )
    left = facts.expires - examination.now.date()
    tokens = examination.links.tokens()
    remedy = (
        f"make a new one at {tokens} and correct JSM_SLA_BOT_TOKEN_EXPIRES"
    )
    finding = [Detail(token_warning(facts.expires), remedy)]
    if left < timedelta(0):
        return judged("", finding)
    well = f"{facts.credential}, until {facts.expires}"
    return judged(well, warnings=finding if left <= WARN_BEFORE else [])


def token_warning(last_day: date) -> str:
    """Return the sentence about a token that ends soon, or has ended: it is the same on every day."""
    return f"the bot's token is good until {last_day}: after that day Jira refuses it"


def clock(examination: Examination) -> Verdict:
    """Prove that this machine's clock agrees with the site's: due times are compared with it between two polls."""
    facts = needed(examination.survey.site)
    if facts.server_time is None:
        return judged("the site does not say what time it is")
    skew = abs(facts.server_time - facts.asked_at)
    seconds = round(skew.total_seconds())
    if skew <= TOLERATED_SKEW:
        return judged(f"within {seconds} s of the site's clock")
    side = "behind" if facts.server_time > facts.asked_at else "ahead of"
    what = f"this machine's clock is {seconds} s {side} the site's"
    return judged(
        "", warnings=[Detail(what, "let NTP keep this machine's clock")]
    )
