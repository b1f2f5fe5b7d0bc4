"""How the bot signs in, and until when."""

from datetime import date

from jsm_sla_bot.ports.sign_in import Basic, Bearer, ClientCredentials, SignIn
from jsm_sla_bot.ports.survey import Credential


def credential(signs_in: SignIn) -> Credential:
    """Name the kind of the credential."""
    match signs_in:
        case Basic():
            return Credential.API_TOKEN
        case Bearer():
            return Credential.BEARER
        case ClientCredentials():
            return Credential.CLIENT


def last_day(signs_in: SignIn) -> date | None:
    """Return the last day on which it is good; None where that is not known, or where it is renewed."""
    if isinstance(signs_in, ClientCredentials):
        return None
    return signs_in.expires
