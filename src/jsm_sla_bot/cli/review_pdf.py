"""A page of our own as PDF: tagged, with its language and title. Nothing is fetched for it."""

from typing import NoReturn

from jsm_sla_bot.cli.console import QuestionError

VARIANT = "pdf/ua-1"
"""What screen readers need."""


def as_pdf(page: str) -> bytes:
    """Return the page as PDF. Raises QuestionError where the extra `report`, or Pango, is not installed."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - heavy, and an extra
    except ImportError:
        message = "PDF needs the extra `report`: pip install 'jsm-sla-bot[report]'; or write HTML, and print it to PDF"
        raise QuestionError(message) from None
    except OSError as error:
        message = f"PDF needs Pango, a library of the operating system ({error}); or write HTML, and print it to PDF"
        raise QuestionError(message) from None
    made = HTML(string=page, url_fetcher=_fetch_nothing)
    written: bytes = made.write_pdf(pdf_variant=VARIANT)
    return written


def _fetch_nothing(url: str) -> NoReturn:
    message = (
        f"a review holds everything itself, so nothing is fetched from {url}"
    )
    raise ValueError(message)
