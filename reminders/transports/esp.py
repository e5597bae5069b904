"""Mail providers by HTTP, through django-anymail: what their answers mean (trust.md, M6)."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from requests import exceptions as requests
from urllib3 import exceptions as urllib3

from reminders.transports.outgoing import PermanentFailure, TemporaryFailure, TransportFailure, UnknownFate

# our own key of a message, among what the provider keeps for us and says again in its reports
KEY = "message"
# of Amazon's library, which need not be there: nothing went out
NEVER_LEFT = (
    *("EndpointConnectionError", "ConnectTimeoutError", "NoCredentialsError", "PartialCredentialsError"),
    *("ProxyConnectionError", "SSLError", "ParamValidationError", "NoRegionError"),
)
# Amazon's own words for "later", whatever the number beside them
WAIT = ("TooManyRequestsException", "LimitExceededException", "Throttling", "ThrottlingException")
PAUSED = ("AccountSuspendedException", "SendingPausedException", "MailFromDomainNotVerifiedException")


def name_of(backend: Any) -> str:
    """The provider's name as it stands in the address of its hook: `amazon_ses`."""
    return str(backend.esp_name).lower().replace(" ", "_")


def not_taken(letter: EmailMultiAlternatives) -> None:
    """Some providers answer 200 and say inside that they did not take it."""
    status = getattr(letter, "anymail_status", None)
    if status is not None and status.status == {"failed"}:
        raise TemporaryFailure("The mail provider did not take it this time.")


def by_provider(error: Exception) -> TransportFailure:
    """A provider's answer. Only what certainly never arrived may be tried again without a doubt."""
    if _never_left(error):
        return TemporaryFailure("The mail provider cannot be reached.")
    code, said = _code(error)
    if code is None:
        return UnknownFate("The mail provider took the letter and gave no answer.")
    if code == 429 or said in WAIT:
        return TemporaryFailure("The mail provider asks us to wait.", retry_after=_retry_after(error))
    if code >= 500 or code in (401, 403, 404) or said in PAUSED:
        # the last ones are our settings, not the letter
        return TemporaryFailure(f"The mail provider answers {code}.")
    if code >= 400:
        return PermanentFailure(f"The mail provider refuses the letter ({code}).", address_is_dead=False)
    return UnknownFate(f"The mail provider's answer ({code}) cannot be read.")


def _never_left(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.SSLError | requests.ProxyError):
        return True
    if isinstance(error, requests.ConnectionError):
        # a name nobody knows, a door nobody opens; what broke later may have been read
        reason = getattr(_first(error.__cause__ or error), "reason", None)
        return isinstance(reason, urllib3.NewConnectionError | urllib3.ConnectTimeoutError)
    return type(error.__cause__).__name__ in NEVER_LEFT


def _first(error: BaseException) -> Any:
    return error.args[0] if error.args else None


def _code(error: Exception) -> tuple[int | None, str]:
    """The status of the answer, and the provider's word for it; none where there was no answer."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        # Amazon's library gives the answer as it has read it
        return response.get("ResponseMetadata", {}).get("HTTPStatusCode"), response.get("Error", {}).get("Code", "")
    return getattr(error, "status_code", None), ""


def _retry_after(error: Exception) -> int | None:
    value = getattr(getattr(error, "response", None), "headers", {}).get("Retry-After", "")
    return int(value) if value.isdigit() else None
